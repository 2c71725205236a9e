// What the server says is to be copied goes into the clipboard, with whole links.
export async function copy(button) {
  const text = button.dataset.copy.replace(/^(?=\/read\/)/gm, location.origin);
  try {
    await navigator.clipboard.writeText(text);
    say("Copied");
  } catch {
    say("The browser did not allow copying");
  }
}
