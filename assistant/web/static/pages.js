// Pages of a PDF beside their text. Without this a link leads to each.

const WIDE = matchMedia("(min-width: 68rem)");
const beside = () => document.getElementById("beside");

// The page on which a mark stands: the last that begins before it.
function pageOf(mark) {
  const before = [...document.querySelectorAll(".page[data-page]")].filter((page) =>
    page.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING);
  return before.at(-1)?.dataset.page ?? "1";
}

function pageAddress(number) {
  const { href } = document.getElementById("see-page");
  return href.replace(/\/pages\/\d+/, `/pages/${number}`);
}

async function showPage(number) {
  const aside = beside();
  if (aside.dataset.shown === number) return;
  aside.dataset.shown = number;
  if (!aside.firstElementChild) aside.textContent = _("Drawing the page…");
  const reply = await fetch(pageAddress(number)).catch(() => null);
  const made = new DOMParser().parseFromString(reply ? await reply.text() : "", "text/html");
  if (aside.dataset.shown !== number) return;
  const figure = made.querySelector("figure");
  if (!figure) {
    aside.textContent = made.querySelector(".missing p")?.textContent ?? _("This page cannot be drawn now. Try again soon.");
    delete aside.dataset.shown;
    return;
  }
  aside.replaceChildren(document.adoptNode(figure));
  figure.querySelector(".turn-pages").append(largerButton());
  label(figure.querySelector(".page-label"), number);
  const picture = figure.querySelector("img");
  await picture.decode().catch(() => {});
  const box = figure.querySelector("rect:not(.beside)");
  if (box) aside.scrollTop += box.getBoundingClientRect().top - aside.getBoundingClientRect().top - aside.clientHeight / 3;
  else aside.scrollTop = 0;
}

function largerButton() {
  const button = Object.assign(document.createElement("button"), { type: "button", id: "larger", textContent: "+" });
  button.setAttribute("aria-label", _("Larger"));
  button.setAttribute("aria-pressed", "false");
  return button;
}

function paged(is, number) {
  document.body.classList.remove("opening");
  document.body.classList.toggle("paged", is);
  document.getElementById("see-page").setAttribute("aria-expanded", is);
  beside().hidden = !is;
  if (is) showPage(number);
}

export function startPages() {
  const link = document.getElementById("see-page");
  if (!link) return;
  link.setAttribute("role", "button");
  link.setAttribute("aria-controls", "beside");
  const cited = document.getElementById("cited");
  paged(WIDE.matches && cited !== null, cited ? pageOf(cited) : "1");
  outline(link.dataset.outline);
}

// -- what the file itself says of its pages -----------------------------------------------

let labels = [];

function label(element, number) {
  const printed = labels[number - 1];
  if (printed && printed !== String(number)) element.textContent = `${printed} (${number})`;
}

async function outline(address) {
  const reply = await fetch(address).catch(() => null);
  if (!reply?.ok) return;
  const said = await reply.json();
  labels = said.labels;
  for (const page of document.querySelectorAll(".page[data-page] .page-label")) label(page, page.closest(".page").dataset.page);
  const shown = document.querySelector("#beside .page-label");
  if (shown) label(shown, beside().dataset.shown);
  if (said.entries.length) contents(said.entries);
}

// The outline in place of the headings that were found in the text.
function contents(entries) {
  const made = document.getElementById("outline").content.cloneNode(true);
  const list = made.querySelector("ol");
  for (const { level, title, page } of entries) {
    const item = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: `#page-${page}`, textContent: title });
    item.className = `level-${Math.min(level, 5)}`;
    item.dir = "auto";
    item.append(link);
    list.append(item);
  }
  document.querySelector("details.contents")?.remove();
  document.querySelector("header.about").append(made);
}

document.addEventListener("click", (event) => {
  const larger = event.target.closest("#larger");
  if (larger) {
    const is = larger.closest("figure").classList.toggle("large");
    larger.setAttribute("aria-pressed", is);
    larger.textContent = is ? "−" : "+";
    return;
  }
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  const link = event.target.closest("#see-page, .page a, .turn-pages a");
  if (!plain || !link || !beside()) return;
  event.preventDefault();
  if (link.id !== "see-page") return paged(true, link.dataset.page);
  const mark = document.getElementById("cited");
  paged(!document.body.classList.contains("paged"), mark ? pageOf(mark) : beside().dataset.shown ?? "1");
});

document.addEventListener("keydown", (event) => {
  if (event.key === " " && event.target.id === "see-page") {
    event.preventDefault();
    event.target.click();
  }
});
