// Find in the document: counts and marks what is sought, without touching the text.

const AROUND = 400;  // matches before and after the one that is looked at are marked, too
const found = { nodes: [], places: [], at: -1 };

// The text as one string, and where each node of it begins; blocks are apart.
function textOf(text) {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest(".unseen") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const nodes = [];
  let whole = "";
  let block = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const around = node.parentElement.closest("p, li, td, pre, blockquote, h2, h3, h4, h5, h6, div");
    if (around !== block) whole += "\n";
    block = around;
    nodes.push({ node, start: whole.length });
    whole += node.data;
  }
  return { nodes, whole };
}

// White space of any length is one; straight quotation marks are any.
function pattern(words) {
  const literal = words.trim().replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/\s+/g, "\\s+");
  return new RegExp(literal.replace(/"/g, '["“”„«»]').replace(/'/g, "['‘’]"), "giu");
}

function nodeAt(nodes, place) {
  let low = 0;
  for (let high = nodes.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    if (nodes[middle].start <= place) low = middle; else high = middle;
  }
  return nodes[low];
}

function seek(words) {
  const { nodes, whole } = textOf(document.querySelector(".text"));
  const matches = words.trim() ? [...whole.matchAll(pattern(words))] : [];
  found.nodes = nodes;
  found.places = matches.map((match) => [match.index, match.index + match[0].length]);
  found.at = -1;
  go(1);
}

function rangeOf([start, end]) {
  const range = document.createRange();
  const first = nodeAt(found.nodes, start);
  const last = nodeAt(found.nodes, end - 1);
  range.setStart(first.node, start - first.start);
  range.setEnd(last.node, end - last.start);
  return range;
}

function go(by) {
  const { places } = found;
  const count = document.getElementById("count");
  if (!places.length) {
    window.Highlight && CSS.highlights.clear();
    count.textContent = document.getElementById("sought").value.trim() ? _("none") : "";
    return;
  }
  found.at = (found.at + by + places.length) % places.length;
  const range = rangeOf(places[found.at]);
  const near = places.slice(Math.max(0, found.at - AROUND), found.at + AROUND);
  if (window.Highlight) {
    CSS.highlights.set("found", new Highlight(...near.map(rangeOf)));
    CSS.highlights.set("at", new Highlight(range));
  }
  range.startContainer.parentElement.scrollIntoView({ block: "nearest" });
  const { top, bottom } = range.getBoundingClientRect();
  if (top < 90 || bottom > innerHeight - 40) window.scrollBy(0, top - innerHeight / 2);
  count.textContent = _("{number} of {count}", { number: found.at + 1, count: places.length });
}

function openFind(is) {
  document.getElementById("find").hidden = !is;
  const button = document.getElementById("find-open");
  button.setAttribute("aria-expanded", is);
  if (is) return document.getElementById("sought").select();
  window.Highlight && CSS.highlights.clear();
  button.focus();
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.id === "find-open") openFind(document.getElementById("find").hidden);
  else if (button?.id === "find-close") openFind(false);
  else if (button?.dataset.match) go(Number(button.dataset.match));
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(seek.timer);
  if (seek.sought === document.getElementById("sought").value) go(1); else soughtNow();
});

document.addEventListener("input", ({ target }) => {
  if (target.id !== "sought") return;
  clearTimeout(seek.timer);
  seek.timer = setTimeout(soughtNow, 150);
});

function soughtNow() {
  seek.sought = document.getElementById("sought").value;
  seek(seek.sought);
}

document.addEventListener("keydown", (event) => {
  const form = document.getElementById("find");
  if (!form) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "f" && !event.target.closest("#find")) openFind(true);
  else if (event.key === "Escape" && !form.hidden) {
    openFind(false);
    event.stopPropagation();  // it is for this alone: the page around closes the reader by it
  }
  else if (event.key === "Enter" && event.shiftKey && event.target.id === "sought") go(-1);
  else return;
  event.preventDefault();
}, true);
