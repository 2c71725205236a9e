// The chat in a portal's page. Everything that comes from documents, people or models is
// put in as text; nothing is kept but in this page's memory.
import { events } from "./events.js";
import { parentOrigin, Portal } from "./portal.js";
import { openReader } from "./reader.js";
import { fill, WORDS } from "./words.js";

const MOST_TURNS = 10;
const MARKS = /(?:\s*\[\d{1,3}\])+$/;
const root = document.documentElement;
const SYSTEM_DARK = matchMedia("(prefers-color-scheme: dark)");
const { embed, origins } = root.dataset;
const page = Object.fromEntries([...document.querySelectorAll("[id]")].map((each) => [each.id, each]));

let words = WORDS.en;
let portal = null;
let person = null;
let history = [];
let running = null;
let accented = null;

function start() {
  const origin = parentOrigin(origins.split(" "));
  speak(navigator.language.slice(0, 2));
  if (origin === null) return tell(words.direct);
  if (origin === undefined) return tell(words.foreign);
  portal = new Portal(origin, embed, { settings, signedIn, loggedOut, failed });
  tell(words.signing);
  portal.hello();
}

// -- what the portal says ---------------------------------------------------------------

function settings({ accent, theme, lang, title, placeholder, corner }) {
  if (typeof lang === "string") speak(lang);
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (typeof accent === "string" && /^#[0-9a-f]{6}$/i.test(accent)) colour(accented = accent);
  if (typeof title === "string") page.title.textContent = title.slice(0, 80);
  if (typeof placeholder === "string") page.question.placeholder = placeholder.slice(0, 120);
  page.close.hidden = corner !== true;
}

function speak(lang) {
  const known = Object.hasOwn(WORDS, lang) ? lang : "en";
  words = WORDS[known];
  root.lang = known;
  for (const each of document.querySelectorAll("[data-word]")) each.textContent = words[each.dataset.word];
  for (const each of document.querySelectorAll("[data-label]")) {
    each.setAttribute("aria-label", words[each.dataset.label]);
    each.title = words[each.dataset.label];
  }
  page.question.placeholder = words.placeholder;
}

// Words on the accent are black or white, whichever can be read better. Words in the accent
// get darker or lighter until they can be read (WCAG: 4.5 to 1) on paper and cards alike.
function colour(accent) {
  const parts = [1, 3, 5].map((at) => parseInt(accent.slice(at, at + 2), 16));
  root.style.setProperty("--accent", accent);
  root.style.setProperty("--accent-ink", luminance(parts) > 0.179 ? "#000" : "#fff");
  const [paper, end] = isDark() ? [0.014, 255] : [0.93, 0];
  let link = parts;
  for (let step = 1; contrast(luminance(link), paper) < 4.5 && step <= 20; step += 1) {
    link = parts.map((part) => Math.round(part + (end - part) * step / 20));
  }
  root.style.setProperty("--link", `rgb(${link})`);
}

function luminance(parts) {
  const [r, g, b] = parts.map((part) => (part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : SYSTEM_DARK.matches;
}

function signedIn({ name, person: who }) {
  if (person !== null && person !== who) {
    wipe();
    page.suggestions.replaceChildren();
  }
  person = who;
  page.name.textContent = name ?? "";
  page.told.hidden = true;
  page.desk.hidden = false;
  if (page.log.childElementCount) return;
  page.start.hidden = false;
  if (document.hasFocus()) page.question.focus();
  if (!page.suggestions.childElementCount) suggest();
}

// Only if there are any, and not at anybody's cost: a server that is busy makes none.
async function suggest() {
  const asker = person;
  const reply = await portal.call("/suggestions").catch(() => null);
  const questions = reply?.ok ? await reply.json().catch(() => []) : [];
  if (person !== asker || page.desk.hidden) return;
  page.suggestions.replaceChildren(...questions.map((question) => {
    const button = element("button", { type: "button", className: "card", textContent: question });
    button.addEventListener("click", () => ask(question));
    return button;
  }));
}

function loggedOut() {
  wipe();
  page.suggestions.replaceChildren();
  person = null;
  page.name.textContent = "";
  tell(words.loggedOut, true);
}

function failed(code, wait) {
  wipe();
  page.suggestions.replaceChildren();
  person = null;
  page.name.textContent = "";
  const said = { clock_skew: words.clock, down: words.down, unavailable: words.down, silent: words.silent };
  tell(said[code] ?? (wait ? fill(words.busy, { n: wait }) : words.signIn), true);
}

// Another person must find nothing of the one before.
function wipe() {
  running?.abort();
  running = null;
  history = [];
  page.log.replaceChildren();
  page.question.value = "";
  page.reader.close();
  page["reader-text"].replaceChildren();
  page["reader-title"].textContent = page["reader-place"].textContent = page.said.textContent = "";
  page.reader.opened = null;
  page.start.hidden = false;
  busy(false);
}

function tell(text, canRetry = false) {
  page.told.className = "";
  page["told-words"].textContent = text;
  page.retry.hidden = !canRetry;
  page.told.hidden = false;
  page.desk.hidden = true;
}

// -- asking -----------------------------------------------------------------------------

async function ask(question) {
  running?.abort();
  const stopping = running = new AbortController();
  page.start.hidden = true;
  page.question.value = "";
  grow();
  page.log.append(element("p", { className: "asked", textContent: question }));
  const answer = element("article", { className: "answer" });
  answer.setAttribute("aria-label", words.answer);
  const state = element("p", { className: "working", textContent: words.working });
  answer.append(state);
  page.log.append(answer);
  answer.scrollIntoView({ block: "nearest" });
  busy(true);
  try {
    await answering(question, answer, state, stopping.signal);
  } catch (error) {
    if (running !== stopping && !answer.isConnected) return;
    if (error.name === "AbortError") complain(answer, state, words.stopped, question, "note");
    else complain(answer, state, error.told ?? words.down, question);
  } finally {
    if (running === stopping) { running = null; busy(false); goOn(); }
  }
}

// Back to the question, unless the person is elsewhere by now.
function goOn() {
  const { activeElement: at } = document;
  if (document.hasFocus() && (at === document.body || at === page.stop)) page.question.focus({ preventScroll: true });
}

async function answering(question, answer, state, signal) {
  const reply = await portal.call("/ask", {
    method: "POST", signal,
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ question, language: root.lang, history: history.slice(-2 * MOST_TURNS) }),
  });
  if (!reply.ok) throw await complaint(reply);
  const sentences = new Map();
  for await (const { name, data } of events(reply.body)) {
    if (!answer.isConnected) return;
    if (name === "sources") state.textContent = fill(words.reading, { n: data.searched.documents });
    else if (name === "sentence") sentences.set(data.number, say(answer, state, data));
    else if (name === "verdict") judge(sentences.get(data.number), data);
    else if (name === "error") throw { told: fill(words.failed, { why: data.message }) };
    else if (name === "done") return whole(answer, question, data.answer);
  }
  throw { told: words.down };
}

async function complaint(reply) {
  const wait = reply.headers.get("Retry-After");
  if (wait) return { told: fill(words.busy, { n: wait }) };
  if (reply.status === 401) return { told: words.signIn };
  const why = await reply.json().then((body) => body.error.message, () => "");
  return { told: why ? fill(words.failed, { why }) : words.down };
}

function complain(answer, state, text, question, className = "error") {
  state.remove();
  const again = element("button", { type: "button", className: "quiet", textContent: words.retry });
  again.addEventListener("click", () => ask(question));
  const line = element("p", { className, textContent: text });
  if (className === "error") line.setAttribute("role", "alert");
  answer.append(line, again);
}

function say(answer, state, { text }) {
  const sentence = element("blockquote", { textContent: text.replace(MARKS, "") });
  answer.insertBefore(sentence, state);
  return sentence;
}

function judge(sentence, { verdict, why }) {
  if (!sentence) return;
  sentence.classList.add(verdict);
  if (verdict === "unsupported") {
    sentence.append(element("small", { textContent: fill(words.unsupported, { why }) }));
  }
}

// -- the whole answer -------------------------------------------------------------------

function whole(answer, question, made) {
  const parts = [];
  const asked = made.standalone_question;
  if (asked && asked !== question.trim().replace(/\s+/g, " ")) parts.push(note(fill(words.understood, { q: asked })));
  for (const [wrong, right] of Object.entries(made.corrections ?? {})) parts.push(note(fill(words.corrected, { wrong, right })));
  if (made.notice) parts.push(note(made.notice));
  if (made.refusal) parts.push(...refusal(made.refusal));
  else {
    if (made.opening) parts.push(element("p", { textContent: made.opening }));
    const cited = new Map(made.citations.map((citation) => [citation.number, citation]));
    parts.push(...made.claims.map((claim) => claimed(claim, cited)));
    parts.push(...made.contradictions.map((each) => note(`${each.about}: ${each.what}`)));
  }
  parts.push(tools(question, made));
  answer.replaceChildren(...parts);
  answer.previousElementSibling?.scrollIntoView({ block: "start" });
  history.push({ role: "user", content: asked || question }, { role: "assistant", content: plain(made) });
}

function claimed({ text, citations, verdict, why }, cited) {
  const quote = element("blockquote", { className: verdict, textContent: text.replace(MARKS, "") });
  for (const number of citations) {
    const citation = cited.get(number);
    if (citation) quote.append(" ", link(citation, `[${number}]`, "mark"));
  }
  if (verdict === "unsupported") quote.append(element("small", { textContent: fill(words.unsupported, { why }) }));
  return quote;
}

function refusal({ reason, considered }) {
  const parts = [element("p", { className: "refusal", textContent: reason })];
  if (!considered.length) return parts;
  const list = element("ol", { className: "nearest" });
  for (const citation of considered) {
    const item = element("li");
    item.append(link(citation, citation.quote, "card"), element("small", { textContent: placeOf(citation) }));
    list.append(item);
  }
  return [...parts, element("h2", { textContent: words.nearest }), list];
}

function link(citation, text, className) {
  const button = element("button", { type: "button", className, textContent: text, title: placeOf(citation) });
  if (className === "mark") button.setAttribute("aria-label", `${fill(words.source, { n: citation.number })}: ${placeOf(citation)}`);
  button.addEventListener("click", () => openReader({ portal, page, words, citation, details: detailsOf(citation) }));
  return button;
}

function placeOf(citation) {
  return [citation.document.title, detailsOf(citation)].filter(Boolean).join(" · ");
}

function detailsOf({ page: number, place, speaker, speech }) {
  const how = speech ? words[`${speech}_speech`] : "";
  return [number ? fill(words.page, { n: number }) : "", (place ?? []).join(" › "), speaker?.name ?? "", how].filter(Boolean).join(" · ");
}

function tools(question, made) {
  const bar = element("div", { className: "tools" });
  const copy = element("button", { type: "button", className: "quiet", textContent: words.copy });
  copy.addEventListener("click", async () => {
    const said = await navigator.clipboard.writeText(withSources(made)).then(() => words.copied, () => words.uncopied);
    copy.textContent = said;
    announce(said);
    setTimeout(() => { copy.textContent = words.copy; }, 4000);
  });
  bar.append(copy, opinion("good", question, made, bar), opinion("bad", question, made, bar));
  return bar;
}

function opinion(verdict, question, made, bar) {
  const button = element("button", { type: "button", className: `quiet opinion ${verdict}`, title: words[verdict] });
  button.append(document.getElementById("thumb").content.cloneNode(true));
  button.setAttribute("aria-label", words[verdict]);
  button.addEventListener("click", async () => {
    const body = JSON.stringify({ question: question.slice(0, 2000), outcome: made.outcome, verdict });
    const reply = await portal.call("/feedback", { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(() => null);
    announce(reply?.ok ? words.thanks : words.down);
    if (!reply?.ok) return;
    button.setAttribute("aria-pressed", "true");
    for (const each of bar.querySelectorAll("[title]")) each.disabled = true;
  });
  return button;
}

function plain(made) {
  if (made.refusal) return made.refusal.reason;
  return made.claims.map(({ text }) => text.replace(MARKS, "")).join(" ").slice(0, 20000);
}

function withSources(made) {
  if (made.refusal) return made.refusal.reason;
  const sources = made.citations.map((citation) => `[${citation.number}] ${placeOf(citation)}`);
  return [...made.claims.map(({ text }) => text), "", ...sources].join("\n");
}

// -- the page ---------------------------------------------------------------------------

function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}

function note(text) {
  return element("p", { className: "note", textContent: text });
}

function announce(text) {
  page.said.textContent = text;
}

function busy(is) {
  page.send.hidden = is;
  page.stop.hidden = !is;
  page.log.setAttribute("aria-busy", String(is));
}

function grow() {
  page.question.style.height = "auto";
  page.question.style.height = `${Math.min(page.question.scrollHeight, 160)}px`;
}

page.form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = page.question.value.trim();
  if (question) ask(question);
});
page.question.addEventListener("input", grow);
page.question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  page.form.requestSubmit();
});
page.stop.addEventListener("click", () => running?.abort());
page.fresh.addEventListener("click", () => { wipe(); page.question.focus(); });
page.close.addEventListener("click", () => portal.close());
page.retry.addEventListener("click", () => { tell(words.signing); portal.hello(); });
page["reader-back"].addEventListener("click", () => page.reader.close());
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !page.reader.open && !page.close.hidden) portal?.close();
});
SYSTEM_DARK.addEventListener("change", () => { if (accented) colour(accented); });
addEventListener("unhandledrejection", () => { if (page.desk.hidden) tell(words.down, true); });
start();
