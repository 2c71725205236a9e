"""No library of ours reports to anyone: every telemetry switch in one table."""

from __future__ import annotations

import os

TELEMETRY_OFF = {
    "ANONYMIZED_TELEMETRY": "False",  # Chroma
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "ORT_DISABLE_TELEMETRY": "1",  # ONNX Runtime
    "TOKENIZERS_PARALLELISM": "true",  # silences a warning that is printed after a fork
}


def be_quiet() -> None:
    """Switch telemetry off; call it before a library that has some is imported."""
    os.environ.update(TELEMETRY_OFF)
