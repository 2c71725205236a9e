// Adds, replaces and removes documents, one line a file, while everything else goes on.
// Without it the Library can be read. To be loaded after say.js and filtering.js.
"use strict";

const here = (path) => new URL(`../${path}`, document.currentScript.src).pathname;
const [CHAT, LIBRARY, DOCUMENTS, FOLDERS] = ["", "library", "api/v1/documents", "api/v1/folders"].map(here);
const AT_ONCE = 2;
const TRIES = 30;
const SHOWN_EVERY = 4000;
const JSON_TYPE = { "Content-Type": "application/json" };
const channel = new BroadcastChannel("adding");
const LEFT = "onrecord.not-added";

// -- what is waiting ------------------------------------------------------------------

const queue = [];
let running = 0;
let stopping = new AbortController();
let whole;

function begin() {
  whole = { files: 0, done: 0, added: 0, replaced: 0, refused: 0, bytes: 0, sent: 0, passages: 0, since: Date.now() };
  stopping = new AbortController();
  document.querySelector("#adding .files").replaceChildren();
  document.getElementById("adding").hidden = document.querySelector("#adding progress").hidden = false;
  if (document.getElementById("stop")) document.getElementById("stop").hidden = false;
  // What is being added would end with the page: other views open beside it.
  for (const link of document.querySelectorAll(".masthead a")) link.target = "_blank";
}

function add(files) {
  if (!files.length) return say(_("There is no file in that"));
  if (!running && !queue.length) begin();
  const list = document.querySelector("#adding .files");
  for (const item of files) {
    item.line = line(item);
    list.append(item.line);
    whole.files += 1;
    whole.bytes += item.file.size;
    const why = item.replaces || item.address ? "" : unfit(item.file);
    if (why) finish(item, "refused", why);
    else queue.push(item);
  }
  tell();
  while (running < AT_ONCE && queue.length) work();
  if (!running) end();
}

function line({ file, folder }) {
  const made = document.createElement("li");
  const name = document.createElement("span");
  const state = document.createElement("span");
  name.className = "file";
  state.className = "state";
  name.textContent = name.title = folder ? `${folder}/${file.name}` : file.name;
  state.textContent = _("waiting");
  made.append(name, state);
  return made;
}

function unfit(file) {
  const { read, most } = document.getElementById("drop").dataset;
  const name = file.name.toLowerCase();
  if (!read.split(" ").some((suffix) => name.endsWith(suffix))) return _("Files of this kind are not read.");
  if (!file.size) return _("The file is empty.");
  if (file.size > most) return _("It has {size}; at most {most} are taken.", { size: megabytes(file.size), most: megabytes(most) });
  return "";
}

const megabytes = (bytes) => _("{size} MB", { size: number(bytes / 1e6, 1) });

async function work() {
  running += 1;
  for (let item = queue.shift(); item; item = queue.shift()) {
    await send(item);
    tell();
  }
  running -= 1;
  if (!running) end();
}

async function send(item) {
  const state = item.line.querySelector(".state");
  const way = item.address
    ? { address: `${DOCUMENTS}/fetch`, body: () => JSON.stringify({ address: item.address }), headers: JSON_TYPE }
    : { address: DOCUMENTS, body: () => body(item), headers: {} };
  for (let tries = 0; tries < TRIES; tries += 1) {
    state.textContent = item.address ? _("being fetched…") : _("being read…");
    let reply;
    try {
      reply = await fetch(way.address, { method: "POST", body: way.body(), headers: way.headers, signal: stopping.signal });
    } catch (error) {
      if (error.name === "AbortError") return finish(item, "refused", _("Stopped."));
      if (tries > 2) return finish(item, "refused", _("The server does not answer."));
      await pause(2);
      continue;
    }
    if (reply.ok) return finish(item, ...added(await reply.json()));
    if (reply.status !== 429 && reply.status !== 503) return finish(item, "refused", await reason(reply));
    state.textContent = _("waiting for others…");
    await pause(Number(reply.headers.get("Retry-After")) || 2);
    if (stopping.signal.aborted) return finish(item, "refused", _("Stopped."));
  }
  finish(item, "refused", _("The server was busy for too long. Add it again."));
}

function body({ file, folder, replaces }) {
  const form = new FormData();
  form.append("file", file, replaces ?? file.name);
  form.append("folder", folder);
  return form;
}

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

function added({ replaced, passages }) {
  whole.passages += passages;
  const much = counted(passages, "passage");
  return replaced ? ["replaced", `${_("replaced")} · ${much}`] : ["added", `${_("added")} · ${much}`];
}

async function reason(reply) {
  try {
    return retold((await reply.json()).error.message);
  } catch {
    return _("The server answered {status}.", { status: reply.status });
  }
}

function finish(item, outcome, words) {
  whole.done += 1;
  whole[outcome] += 1;
  whole.sent += item.file.size;
  item.line.className = outcome === "refused" ? "refused" : "added";
  item.line.querySelector(".state").textContent = outcome === "refused" ? _("not added") : words;
  if (outcome !== "refused") return refreshSoon();
  const why = document.createElement("p");
  why.className = "why";
  why.textContent = words;
  item.line.append(why);
}

// -- how far it is ----------------------------------------------------------------------

function tell() {
  const seconds = (Date.now() - whole.since) / 1000;
  const words = [_("{number} of {count}", { number: whole.done, count: counted(whole.files, "file") })];
  if (whole.passages) words.push(_("{count} passages/s", { count: Math.round(whole.passages / seconds) }));
  if (whole.sent && seconds > 5) words.push(left(((whole.bytes - whole.sent) * seconds) / whole.sent));
  showProgress(words.join(" · "), whole.sent / (whole.bytes || 1));
  channel.postMessage(_("Adding: {progress}", { progress: words.join(" · ") }));
}

function left(seconds) {
  if (seconds < 10) return _("a few seconds left");
  if (seconds < 90) return _("about {count} s left", { count: Math.ceil(seconds / 10) * 10 });
  if (seconds < 5400) return _("about {count} min left", { count: Math.ceil(seconds / 60) });
  return _("about {count} h left", { count: Math.ceil(seconds / 3600) });
}

function showProgress(words, share) {
  document.getElementById("progress").textContent = words;
  document.querySelector("#adding progress").value = share;
}

function end(left = []) {
  for (const item of left) {
    whole.files += 1;
    item.line = line(item);
    document.querySelector("#adding .files").append(item.line);
    finish(item, "refused", _("The page was left before it was added. Add it again."));
  }
  for (const link of document.querySelectorAll(".masthead a")) link.removeAttribute("target");
  channel.postMessage("");
  if (document.getElementById("stop")) document.getElementById("stop").hidden = true;
  const what = [[whole.added, _("added")], [whole.replaced, _("replaced")], [whole.refused, _("not added")]];
  const words = what.filter(([many]) => many).map(([many, outcome]) => _("{count} {outcome}", { count: many, outcome }));
  showProgress(`${counted(whole.files, "file")}: ${words.join(", ")}`, 1);
  if (whole.added + whole.replaced) {
    const ask = document.createElement("a");
    ask.href = CHAT;
    ask.textContent = _("Ask about them");
    document.getElementById("progress").append(" · ", ask);
  }
  document.querySelector("#adding progress").hidden = true;
  clearTimeout(refreshing);
  refreshing = undefined;
  refresh();
}

// -- the list, as it is now ---------------------------------------------------------------

let refreshing;
function refreshSoon() {
  refreshing ??= setTimeout(() => { refreshing = undefined; refresh(); }, SHOWN_EVERY);
}

// All but what is being added; not while one types or is asked something.
async function refresh() {
  if (location.pathname !== LIBRARY) return;
  const reply = await fetch(location.href).catch(() => null);
  if (!reply?.ok) return;
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const active = document.activeElement;
  if (active.closest("[popover]") || (active.matches("#fetch input, #watch input") && active.value)) {
    return refreshSoon();
  }
  const main = document.querySelector("#library > main");
  const fresh = page.querySelector("#library > main");
  fresh.querySelector("#adding")?.replaceWith(document.getElementById("adding"));
  fresh.querySelector("#watching")?.toggleAttribute("open", document.getElementById("watching")?.open);
  main.replaceWith(fresh);
  document.querySelector(".scope").textContent = page.querySelector(".scope").textContent;
  if (document.activeElement !== active) (active.isConnected ? active : twin(active))?.focus({ preventScroll: true });
}

// What stands now where this stood before the page was made again.
function twin({ id, name, href, dataset: { pick } }) {
  const known = [id && `#${id}`, pick && `[data-pick="${pick}"]`, name && `[name="${name}"]`].find(Boolean);
  if (known) return document.querySelector(known);
  return href && [...document.querySelectorAll("#library a")].find((each) => each.href === href);
}

addEventListener("beforeunload", (event) => {
  if (running) event.preventDefault();
});

// What was not added when the page was left is said where the Library is opened next.
addEventListener("pagehide", () => {
  if (!running) return;
  const names = [...document.querySelectorAll("#adding .files li:not([class]) .file")].map((file) => file.title);
  localStorage.setItem(LEFT, JSON.stringify(names));
  channel.postMessage(_("Adding was stopped: {files} not added", { files: counted(names.length, "file") }));
});

function tellLeft() {
  const names = JSON.parse(localStorage.getItem(LEFT) ?? "[]");
  localStorage.removeItem(LEFT);
  if (!names.length || !document.getElementById("drop")) return;
  begin();
  end(names.map((name) => ({ file: { name, size: 0 }, folder: "" })));
}

// -- picking and dropping -----------------------------------------------------------------

const HIDDEN = /(^|\/)(\.|~\$)/;

// A picked file with the folder that it was picked in.
function picked(file) {
  const path = file.webkitRelativePath || file.name;
  return { file, folder: path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "", path };
}

async function dropped(entry, folder = "") {
  if (entry.isFile) {
    const file = await new Promise((found, failed) => entry.file(found, failed));
    return [{ file, folder, path: `${folder}/${file.name}` }];
  }
  const reader = entry.createReader();
  const inside = [];
  // It gives some at a time, and in the end none.
  for (let some = [1]; some.length; inside.push(...some)) {
    some = await new Promise((found, failed) => reader.readEntries(found, failed));
  }
  const own = folder ? `${folder}/${entry.name}` : entry.name;
  const found = [];
  for (const each of inside) found.push(...(await dropped(each, own)));
  return found;
}

const seen = (files) => files.filter(({ path }) => !HIDDEN.test(path));

document.addEventListener("change", ({ target }) => {
  if (target.type !== "file") return;
  const chosen = [...target.files];
  if (target.id === "version") replace(target, chosen[0]);
  else add(seen(chosen.map(picked)));
  target.value = "";
});

const carriesFiles = (event) => document.getElementById("drop") && event.dataTransfer?.types.includes("Files");

document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
document.addEventListener("drop", async (event) => {
  document.body.classList.remove("dropping");
  if (!carriesFiles(event)) return;
  event.preventDefault();
  // All are taken now: behind an await there are none left. A file that no folder holds, such as
  // a picture of another page, has no entry.
  const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
  const taken = items.map((item) => [item.webkitGetAsEntry(), item.getAsFile()]);
  const found = await Promise.all(taken.map(([entry, file]) => (entry ? dropped(entry) : [picked(file)])));
  add(seen(found.flat()));
});

// -- a newer version, and away with one -----------------------------------------------------

function replace(field, file) {
  const { name, folder } = field.dataset;
  const suffix = field.accept;
  if (!file.name.toLowerCase().endsWith(suffix.toLowerCase())) {
    return say(_("A newer version of this has to be a file of the same kind: {suffix}", { suffix }));
  }
  add([{ file, folder, replaces: name }]);
}

async function remove(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  const reply = await fetch(`${DOCUMENTS}/${form.dataset.remove}`, { method: "DELETE" }).catch(() => null);
  button.disabled = false;
  if (!reply?.ok) return say(reply ? await reason(reply) : _("The server does not answer."));
  form.closest("[popover]").hidePopover();
  if (location.pathname !== LIBRARY) return location.assign(LIBRARY);
  await refresh();
  document.querySelector(".find input")?.focus();
  say(_("Removed"));
}

// -- the web, and folders of the server -------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!["fetch", "watch", "share"].includes(form.id) && !form.dataset.remove) return;
  event.preventDefault();
  if (form.dataset.remove) return remove(form);
  if (form.id === "share") return share(form);
  if (form.id === "watch") return watch(form);
  const address = form.elements.address.value.trim();
  form.reset();
  add([{ file: { name: address, size: 0 }, folder: "", address }]);
});

async function watch(form) {
  const readers = (form.elements.readers?.value ?? "").split(",").map((name) => name.trim()).filter(Boolean);
  const body = JSON.stringify({ path: form.elements.path.value.trim(), readers });
  const reply = await fetch(FOLDERS, { method: "POST", body, headers: JSON_TYPE }).catch(() => null);
  if (!reply?.ok) return say(reply ? await reason(reply) : _("The server does not answer."));
  form.reset();
  say(_("The folder is watched from now on"));
  await refresh();
  refreshSoon();
}

async function share(form) {
  const names = (field) => field.value.split("\n").map((name) => name.trim()).filter(Boolean);
  const body = JSON.stringify({ readers: names(form.elements.readers), denied: names(form.elements.denied) });
  const address = `${DOCUMENTS}/${form.dataset.id}/rights`;
  const reply = await fetch(address, { method: "PUT", body, headers: JSON_TYPE }).catch(() => null);
  if (!reply?.ok) return say(reply ? await reason(reply) : _("The server does not answer."));
  const { readers } = await reply.json();
  say(readers.length ? _("Shared from the next question on") : _("Only its owner may read it from now on"));
}

async function leave(button) {
  const values = new URLSearchParams({ path: button.dataset.leave, forget: "forget" in button.dataset });
  const reply = await fetch(`${FOLDERS}?${values}`, { method: "DELETE" }).catch(() => null);
  if (!reply?.ok) return say(reply ? await reason(reply) : _("The server does not answer."));
  button.closest("[popover]").hidePopover();
  await refresh();
  say(_("The folder is not watched any more"));
}

document.addEventListener("click", ({ target }) => {
  const left = target.closest("[data-leave]");
  if (left) leave(left);
  const pick = target.closest("[data-pick]");
  if (pick) document.getElementById(pick.dataset.pick).click();
  if (target.closest("[data-replace]")) document.getElementById("version").click();
  if (target.id === "stop") {
    stopping.abort();
    for (const item of queue.splice(0)) finish(item, "refused", _("Stopped."));
    tell();
  }
});

tellLeft();
