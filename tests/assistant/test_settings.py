"""What is set where, and what is said of what cannot be set."""

from pathlib import Path

import pytest

from assistant.errors import WrongUse
from assistant.settings import Settings, read_settings


def write(home: Path, text: str) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.toml").write_text(text, "utf-8")
    return home


def test_without_anything_set_there_are_defaults() -> None:
    """An index in the current folder, for the person at this computer only."""
    settings = read_settings(environment={})
    assert settings == Settings()
    assert settings.home == Path(".onrecord")
    assert settings.host == "127.0.0.1"


def test_the_option_comes_before_the_environment(tmp_path: Path) -> None:
    environment = {"ONRECORD_HOME": str(tmp_path / "environment")}
    assert read_settings(environment=environment).home == tmp_path / "environment"
    assert read_settings(tmp_path / "option", environment).home == tmp_path / "option"


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    """And the file before the defaults, each value by itself."""
    home = write(tmp_path, 'port = 8000\nembedder = "some-model"\n')
    settings = read_settings(home, {"ONRECORD_PORT": "9000"})
    assert settings == Settings(home, "some-model", "127.0.0.1", 9000)


def test_an_empty_variable_sets_nothing(tmp_path: Path) -> None:
    """As compose files leave them."""
    settings = read_settings(tmp_path, {"ONRECORD_PORT": "", "ONRECORD_HOME": ""})
    assert settings == Settings(tmp_path)


def test_a_setting_that_does_not_exist_is_named_with_those_that_do(tmp_path: Path) -> None:
    """A slip would else be passed over."""
    home = write(tmp_path, "prot = 8000\n")
    with pytest.raises(WrongUse, match=r"no setting called prot.*embedder, .*host, .*port"):
        read_settings(home, {})


def test_the_home_cannot_be_set_in_the_file_that_lies_in_it(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no setting called home"):
        read_settings(write(tmp_path, 'home = "elsewhere"\n'), {})


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80.5", "²"])
def test_a_port_that_is_none_is_refused(port: str, tmp_path: Path) -> None:
    """With the value."""
    with pytest.raises(WrongUse, match=f"port has to be a number.*{port}"):
        read_settings(tmp_path, {"ONRECORD_PORT": port})


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"settings\.toml is not valid TOML"):
        read_settings(write(tmp_path, "port: 8000\n"), {})


def test_settings_cannot_be_changed() -> None:
    """They are read once."""
    with pytest.raises(AttributeError):
        Settings().port = 1  # type: ignore[misc]


def test_a_language_needs_a_model_and_cues(tmp_path: Path) -> None:
    """And is read from the file only."""
    (tmp_path / "settings.toml").write_text('[languages.fr]\nmodel = "m"\ncues = "dire: ccomp"\n')
    assert read_settings(tmp_path, {}).languages == {"fr": ("m", "dire: ccomp")}
    (tmp_path / "settings.toml").write_text('[languages.fr]\nmodel = "m"\n')
    with pytest.raises(WrongUse, match=r"\[languages.fr\] needs a model and cues"):
        read_settings(tmp_path, {})
