// What the server says is to be copied goes into the clipboard, with whole links.
const SERVER = new URL("..", import.meta.url).href.replace(/\/$/, "");

export async function copy(button) {
  const text = button.dataset.copy.replace(/^(?=\/read\/)/gm, SERVER);
  try {
    await navigator.clipboard.writeText(text);
    say(_("Copied"));
  } catch {
    say(_("The browser did not allow copying"));
  }
}
