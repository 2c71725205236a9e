// The chat: asks and shows the answer as it comes, and changes conversations in place. What is
// shown is made by the server; what a person types is put in as text.
import { events } from "../embed-files/events.js";
import { copy } from "./copying.js";

const BASE = new URL("..", import.meta.url).pathname;
const API = `${BASE}api/v1`;
const TYPING = 200;
const byId = (id) => document.getElementById(id);
const desk = byId("desk");
const log = byId("log");
const scroll = byId("scroll");
const question = byId("question");

let running = null;
let editing = null;

const conversation = () => desk.dataset.conversation ?? "";

function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}

// HTML that the server made and escaped.
function fromHtml(html) {
  const holder = element("template", { innerHTML: html });
  localTimes(holder.content);
  return holder.content;
}

async function call(path, method = "GET", body = undefined) {
  const headers = body ? { "Content-Type": "application/json" } : {};
  const reply = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  if (!reply.ok) throw new Error(await complaint(reply));
  return reply;
}

async function complaint(reply) {
  if (reply.status === 401) return _("You are signed out. Load this page again to sign in.");
  const words = await reply.json().then(({ error }) => error.message, () => "");
  return retold(words) || _("The server could not do this. Try again.");
}

const attempt = (deed) => deed().catch((error) => say(error instanceof TypeError ? _("The server does not answer.") : error.message));

// -- asking -----------------------------------------------------------------------------

async function ask(words, mode = chosenMode()) {
  stop();
  const stopping = running = new AbortController();
  const { exchange, state } = begun(words);
  busy(true);
  try {
    if (editing) await branch();
    await answering({ question: words, mode }, exchange, state, stopping.signal);
  } catch (error) {
    if (!exchange.isConnected) return;
    const isStopped = error.name === "AbortError";
    const lost = error instanceof TypeError ? _("The server does not answer.") : error.message;
    ended(exchange, state, isStopped ? _("Stopped.") : lost, words, mode, isStopped);
  } finally {
    if (running === stopping) {
      running = null;
      busy(false);
    }
  }
}

// Before the server says anything, the question stands there.
function begun(words) {
  byId("start")?.remove();
  if (byId("suggestions").querySelector(":focus-visible")) question.focus({ preventScroll: true });
  byId("suggestions").replaceChildren();
  byId("conversation").classList.remove("fresh");
  const exchange = element("section", { className: "exchange" });
  const asked = element("div", { className: "asked" });
  asked.append(element("h2", { textContent: words }));
  const answer = element("article", { className: "answer" });
  answer.setAttribute("aria-label", _("Answer"));
  const state = element("p", { className: "working", textContent: _("Looking through the documents…") });
  answer.append(state);
  exchange.append(asked, answer);
  log.append(exchange);
  exchange.scrollIntoView({ block: "start" });
  return { exchange, state };
}

async function answering(asked, exchange, state, signal) {
  const reply = await fetch(`${BASE}chat`, {
    method: "POST", signal,
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ ...asked, ...where(), conversation: conversation() || null }),
  });
  if (!reply.ok) throw new Error(await complaint(reply));
  for await (const { name, data } of events(reply.body)) {
    if (!exchange.isConnected) return;
    if (name === "state") {
      state.textContent = data.words;
      desk.dataset.conversation ||= data.conversation ?? "";
    } else if (name === "claim") state.before(fromHtml(data.html));
    else if (name === "error") throw new Error(retold(data.message));
    else if (name === "done") return whole(exchange, data);
  }
  throw new Error(_("The answer broke off. Ask again."));
}

function whole(exchange, made) {
  const shown = fromHtml(made.html);
  const answer = shown.querySelector(".exchange");
  exchange.replaceWith(shown);
  const cards = fromHtml(made.sources);
  if (cards.firstElementChild) {
    byId("sources").append(cards);
    if (!byId("evidence").classList.contains("reading")) showSources(byId("sources").lastElementChild);
  }
  answer.sources = cards.firstElementChild ?? byId("sources").lastElementChild;
  answer.scrollIntoView({ block: "start" });
  announce(answer);
  known(made);
  suggest();
  attempt(() => withdraw(made.lacking));
}

// What may not be shown any more of earlier answers is taken from this page, too.
async function withdraw(numbers) {
  const shown = numbers.filter((number) => byId(`q${number}`)?.querySelector(".lost") === null);
  if (!shown.length) return;
  const html = await (await call(`${location.pathname}?earlier=1`)).text();
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const number of shown) {
    const [old, own] = [document, page].map((of) => of.querySelector(`#sources [data-number="${number}"]`));
    byId(`q${number}`).replaceWith(document.adoptNode(page.getElementById(`q${number}`)));
    if (own) old?.replaceWith(Object.assign(document.adoptNode(own), { hidden: old.hidden }));
    else old?.remove();
  }
  closeReader();
}

// The log is live, but a screen reader would not read what took another's place.
function announce(answer) {
  say(`${_("Answered.")} ${answer.querySelector(".refusal, .claim")?.innerText ?? ""}`, false);
}

function known({ conversation: id, title }) {
  desk.dataset.conversation = id;
  history.replaceState(null, "", `${BASE}chat/${id}`);
  byId("chat-menu").hidden = byId("heading").hidden = false;
  for (const link of document.querySelectorAll("a.export")) {
    link.href = `${API}/conversations/${id}/export/${link.dataset.format}`;
  }
  Object.assign(byId("chat-menu").querySelector(".forget").dataset, { id, title });
  named(title);
  list();
}

function ended(exchange, state, words, asked, mode, isStopped) {
  const line = element("p", { className: isStopped ? "notice" : "error", textContent: words });
  if (!isStopped) line.setAttribute("role", "alert");
  const again = element("button", { type: "button", className: "quiet", textContent: _("Ask again") });
  again.addEventListener("click", () => { exchange.remove(); ask(asked, mode); });
  const drop = element("button", { type: "button", className: "quiet", textContent: _("Edit") });
  drop.addEventListener("click", () => { if (!isStopped) exchange.remove(); fill(asked); });
  const tools = element("div", { className: "tools" });
  tools.append(again, drop);
  state.replaceWith(line, tools);
  if (isStopped) question.focus({ preventScroll: true });
}

const stop = () => running?.abort();

function busy(is) {
  byId("send").hidden = is;
  byId("stop").hidden = !is;
  log.setAttribute("aria-busy", String(is));
}

const chosenMode = () => document.querySelector("#mode input:checked")?.value ?? "quote";

function fill(words) {
  question.value = words;
  grow();
  question.focus();
}

function grow() {
  question.style.height = "auto";
  question.style.height = `${Math.min(question.scrollHeight, 160)}px`;
}

// -- an earlier question asked otherwise ------------------------------------------------------

function edit(exchange) {
  editing = exchange;
  byId("editing").hidden = false;
  exchange.classList.add("edited");
  fill(exchange.dataset.question);
}

function keep() {
  editing?.classList.remove("edited");
  editing = null;
  byId("editing").hidden = true;
}

// What was asked from there on stays in the conversation that it was asked in.
async function branch() {
  const before = Number(editing.dataset.number);
  const reply = await call(`${API}/conversations/${conversation()}/branch`, "POST", { before });
  desk.dataset.conversation = (await reply.json()).id;
  for (const part of document.querySelectorAll("#log .exchange[data-number], #sources .sources")) {
    if (Number(part.dataset.number) >= before) part.remove();
  }
  keep();
}

// -- the sources of an answer ---------------------------------------------------------------------

function sourcesOf(exchange) {
  if (!exchange) return null;
  const number = exchange.dataset.number;
  return exchange.sources ?? (number ? byId("sources").querySelector(`[data-number="${number}"]`) : null);
}

function showSources(sources) {
  for (const each of byId("sources").children) each.hidden = each !== sources;
  document.querySelector(".pane-empty")?.toggleAttribute("hidden", Boolean(sources));
}

// Those of the answer that one reads in: the reader counts its citations among them.
for (const change of ["reader-opened", "reader-closed"]) {
  document.addEventListener(change, ({ detail: from }) => {
    const own = sourcesOf(from?.closest?.(".exchange"));
    if (own) showSources(own);
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  });
}

// -- the list of conversations -----------------------------------------------------------------------

let listing = 0;
async function list() {
  const mine = ++listing;
  const asked = new URLSearchParams({ find: byId("find").value, current: conversation() });
  await attempt(async () => {
    const html = await (await call(`${BASE}chats?${asked}`)).text();
    if (mine === listing) byId("chat-list").replaceChildren(fromHtml(html));
    byId("find").hidden = false;
  });
}

function named(title) {
  byId("rename").textContent = title;
  byId("title").value = title;
  document.title = `${title} · On Record`;
}

async function rename(title) {
  const reply = await call(`${API}/conversations/${conversation()}`, "PUT", { title });
  named((await reply.json()).title);
  list();
}

function naming(is) {
  byId("title").hidden = !is;
  byId("rename").hidden = is;
  (is ? byId("title") : byId("rename")).focus();
  if (is) byId("title").select();
}

async function forget({ id, title }) {
  if (!confirm(_("Delete “{title}”? Its links end, too.", { title }))) return;
  await call(`${API}/conversations/${id}`, "DELETE");
  if (id === conversation()) location.assign(BASE);
  else list();
}

async function share(number) {
  const body = number ? { number: Number(number) } : {};
  const { link } = await (await call(`${API}/conversations/${conversation()}/share`, "POST", body)).json();
  document.querySelector(".unshare").hidden = false;
  await copyLink(location.origin + link);
}

async function copyLink(link) {
  try {
    await navigator.clipboard.writeText(link);
    say(_("The link is copied. Whoever opens it sees what they may read."));
  } catch {
    prompt(_("Whoever opens this link sees what they may read."), link);
  }
}

async function unshare(button) {
  await call(`${API}/conversations/${conversation()}/share`, "DELETE");
  button.hidden = true;
  say(_("Nobody can open its links any more."));
}

// -- what one thinks of an answer ---------------------------------------------------------------------

function opinion(button) {
  const exchange = button.closest(".exchange");
  if (button.dataset.verdict === "good") return rate(exchange, "good");
  if (exchange.querySelector(".reason")) return unasked(exchange);
  exchange.querySelector(".answer").append(byId("reason").content.cloneNode(true));
  exchange.querySelector(".reason").scrollIntoView({ block: "nearest" });
  exchange.querySelector(".reason input").focus();
}

function unasked(exchange) {
  exchange.querySelector(".reason").remove();
  exchange.querySelector('.opinion[data-verdict="bad"]').focus({ preventScroll: true });
}

async function rate(exchange, verdict, words = "") {
  const { question: asked, outcome, number: at } = exchange.dataset;
  const place = at ? { conversation: conversation(), number: Number(at) } : {};
  await call(`${API}/feedback`, "POST", { question: asked, outcome, verdict, words, ...place });
  const hadFocus = exchange.querySelector(".opinion:focus, .reason :focus");
  for (const each of exchange.querySelectorAll(".opinion")) {
    each.disabled = true;
    each.setAttribute("aria-pressed", String(each.dataset.verdict === verdict));
  }
  exchange.querySelector(".reason")?.remove();
  if (hadFocus) (exchange.querySelector(".tools summary") ?? exchange.querySelector(".answer")).focus({ preventScroll: true });
  say(_("Thank you."));
}

// -- questions to try ----------------------------------------------------------------------------------

// Not at anybody's cost: a server that is busy makes none.
async function suggest() {
  const box = byId("suggestions");
  if (box.hidden) return;
  const about = conversation();
  const path = about ? `${API}/suggestions?conversation=${about}` : `${API}/suggestions`;
  const questions = await fetch(path).then((reply) => (reply.ok ? reply.json() : []), () => []);
  if (about !== conversation() || running) return;
  const isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 40;
  box.replaceChildren(...questions.map((words) => element("button", { type: "button", className: "try", textContent: words })));
  if (isAtEnd && about) scroll.scrollTop = scroll.scrollHeight;
}

// -- where to look ----------------------------------------------------------------------------------------

const KINDS = { document: () => _("document"), folder: () => _("folder"), speaker: () => _("speaker") };
const dayOf = (id) => new Date(byId(id).value).toLocaleDateString(LANGUAGE === "tg" ? "ru" : placeOf(LANGUAGE), { timeZone: "UTC" });
const chips = [];
let choosable = null;

function where() {
  const of = (kind) => chips.filter((chip) => chip.kind === kind).map((chip) => chip.value);
  const documents = [...of("document"), ...of("folder")];
  const [speaker] = of("speaker");
  return {
    documents: documents.length ? documents : null, speaker: speaker ?? null,
    since: byId("since").value || null, until: byId("until").value || null,
  };
}

async function choices() {
  const [documents, speakers] = await Promise.all(
    [`${API}/documents?limit=5000`, `${API}/speakers?limit=1000`].map(async (path) => (await call(path)).json()),
  );
  const folders = new Set(documents.flatMap(({ source }) => above(source)));
  return [
    ...[...folders].sort().map((name) => ({ kind: "folder", label: `${name}/`, value: `${escaped(name)}/*` })),
    ...documents.map(({ title, source }) => ({ kind: "document", label: title, also: source, value: escaped(source) })),
    ...speakers.map(({ name }) => ({ kind: "speaker", label: name, value: name })),
  ];
}

const escaped = (name) => name.replace(/[[*?]/g, "[$&]");

function above(name) {
  const parts = name.split("/").slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

const MOST_CHOICES = 40;
function showChoices() {
  const words = byId("choose").value.toLowerCase().split(/\s+/);
  const fits = ({ label, also = "" }) => words.every((word) => `${label} ${also}`.toLowerCase().includes(word));
  const found = (choosable ?? []).filter(fits);
  byId("choices").replaceChildren(...found.slice(0, MOST_CHOICES).map((choice) => {
    const button = element("button", { type: "button", title: choice.label });
    button.append(element("bdi", { textContent: choice.label }), element("small", { textContent: KINDS[choice.kind]() }));
    button.addEventListener("click", () => { choose(choice); byId("choose").focus(); });
    const item = element("li");
    item.append(button);
    return item;
  }));
  if (!found.length && choosable) byId("choices").append(element("li", { className: "note", textContent: _("Nothing is called so.") }));
}

function choose(choice) {
  if (choice.kind === "speaker") removeChips((chip) => chip.kind === "speaker");
  if (!chips.some(({ kind, value }) => kind === choice.kind && value === choice.value)) chips.push(choice);
  showChips();
}

function removeChips(are) {
  chips.splice(0, chips.length, ...chips.filter((chip) => !are(chip)));
}

function showChips() {
  const days = ["since", "until"].filter((id) => byId(id).value).map((id) => ({
    label: id === "since" ? _("from {day}", { day: dayOf(id) }) : _("to {day}", { day: dayOf(id) }),
    remove: () => { byId(id).value = ""; },
  }));
  const chosen = chips.map((chip) => ({ label: `${KINDS[chip.kind]()}: ${chip.label}`, remove: () => removeChips((each) => each === chip) }));
  byId("chips").replaceChildren(...[...chosen, ...days].map(({ label, remove }) => {
    const button = element("button", { type: "button", className: "chip", title: label });
    button.append(element("bdi", { textContent: label }), element("span", { textContent: "×", ariaHidden: "true" }));
    button.setAttribute("aria-label", _("Remove {title}", { title: label }));
    button.addEventListener("click", () => { remove(); showChips(); question.focus(); });
    return button;
  }));
}

// -- keys and clicks -----------------------------------------------------------------------------------------

const DEEDS = {
  ".copy": (button) => copy(button),
  ".edit": (button) => edit(button.closest(".exchange")),
  ".again": (button) => ask(button.closest(".exchange").dataset.question, button.dataset.mode),
  ".understood": (button) => fill(button.textContent),
  ".try": (button) => ask(button.textContent),
  ".opinion": (button) => attempt(() => Promise.resolve(opinion(button))),
  ".share": (button) => attempt(() => share(button.dataset.number)),
  ".unshare": (button) => attempt(() => unshare(button)),
  ".forget": (button) => attempt(() => forget(button.dataset)),
  ".show-sources": (button) => openPane(button),
  "#rename": () => naming(true),
  "#stop": stop,
  "#no-edit": () => { keep(); fill(""); },
  "#open-chats": () => drawer(true),
  "#close-chats": () => drawer(false),
  "#close-pane": () => closePane(),
};

document.addEventListener("click", ({ target }) => {
  for (const [selector, deed] of Object.entries(DEEDS)) {
    const found = target.closest(selector);
    if (found) deed(found);
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target) || target.closest(".menu button:not(#choices *), .menu a")) menu.open = false;
  }
});

// The menu of the last answer lies below what is shown.
document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.(".tools .menu[open]")) target.lastElementChild.scrollIntoView({ block: "nearest" });
}, true);

document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const menu = target.closest?.("details.menu[open]");
  if (menu && relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (document.activeElement === byId("title")) naming(false);
  else if (document.activeElement.closest(".reason")) unasked(document.activeElement.closest(".exchange"));
  else if (desk.classList.contains("pane")) closePane();
  else if (desk.classList.contains("chats")) drawer(false);
  else if (running) stop();
});

let paneOpener = null;
function openPane(button) {
  showSources(sourcesOf(button.closest(".exchange")));
  closeReader();
  desk.classList.add("pane");
  paneOpener = button;
  byId("sources").querySelector(".sources:not([hidden])")?.focus({ preventScroll: true });
}

function closePane() {
  desk.classList.remove("pane");
  paneOpener?.focus({ preventScroll: true });
}

function drawer(is) {
  desk.classList.toggle("chats", is);
  byId("open-chats").setAttribute("aria-expanded", String(is));
  (is ? byId("find") : byId("open-chats")).focus();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".reason")) return;
  event.preventDefault();
  const said = new FormData(event.target);
  const words = [said.get("reason"), said.get("words")].filter(Boolean).join(": ");
  attempt(() => rate(event.target.closest(".exchange"), "bad", words));
});

function start() {
  let waiting;
  byId("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = question.value.trim();
    if (!words) return;
    question.value = "";
    grow();
    ask(words);
  });
  question.addEventListener("input", grow);
  question.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    byId("ask").requestSubmit();
  });
  byId("naming").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => rename(byId("title").value));
    naming(false);
  });
  byId("find").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(list, TYPING);
  });
  byId("filter").addEventListener("toggle", () => {
    if (!byId("filter").open) return;
    byId("choose").focus();
    showChoices();
    attempt(async () => { choosable = await choices(); showChoices(); });
  });
  byId("choose").addEventListener("input", showChoices);
  byId("choose").addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  for (const id of ["since", "until"]) byId(id).addEventListener("change", showChips);
  scroll.scrollTop = scroll.scrollHeight;
  suggest();
  // What was typed before this script had come.
  if (question.value) grow();
  if (byId("find").value) list();
}

const shown = [...byId("sources").children];
showSources(shown.at(-1) ?? null);
if (question) start();
