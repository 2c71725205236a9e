// Puts On Record into a portal's page: as a panel where this script stands, or behind a
// button in the corner. Asks the portal's own server who the person is, and hands that to
// the frame. Whatever fails is said in words, with a button to try again.
//
//   <script src="https://assist.example/embed.js" data-embed="hr"
//           data-assertion-url="/assist/assertion"></script>
"use strict";

(() => {
  const script = document.currentScript;
  const { embed, assertionUrl, mode = "inline", height = "560px" } = script.dataset;
  const home = new URL(".", script.src).href;
  const { origin: itsOrigin } = new URL(home);
  const settings = pick(script.dataset, ["accent", "theme", "lang", "title", "placeholder"]);
  const HELLO_WITHIN = 5000;
  const ASSERTION_WITHIN = 10000;
  const VOUCH_AGAIN_IN = 15000;

  const WORDS = {
    en: {
      open: "Ask the documents", close: "Close", retry: "Try again", loading: "Opening…",
      setup: "This page does not say which embed to show, or where to ask who you are.",
      silent: "The assistant does not answer. It may be down, or this page may not show it.",
      signedOut: "Sign in to this site, then try again.",
      refused: "This site could not say who you are.",
      slow: "This site takes too long to say who you are.",
    },
    ru: {
      open: "Спросить у документов", close: "Закрыть", retry: "Повторить", loading: "Открывается…",
      setup: "На странице не указано, что показать или где узнать, кто вы.",
      silent: "Помощник не отвечает. Он может быть недоступен, или этой странице нельзя его показывать.",
      signedOut: "Войдите на этот сайт и повторите попытку.",
      refused: "Этот сайт не смог сообщить, кто вы.",
      slow: "Этот сайт слишком долго не сообщает, кто вы.",
    },
    tg: {
      open: "Аз ҳуҷҷатҳо пурсед", close: "Пӯшидан", retry: "Такрор кардан", loading: "Кушода мешавад…",
      setup: "Дар саҳифа нишон дода нашудааст, ки чиро намоиш диҳад ё аз куҷо пурсад, ки шумо кистед.",
      silent: "Ёрдамчӣ ҷавоб намедиҳад. Шояд он дастрас нест ё ба ин саҳифа иҷозаи намоиши он нест.",
      signedOut: "Ба ин сомона ворид шавед ва аз нав кӯшиш кунед.",
      refused: "Ин сомона натавонист гӯяд, ки шумо кистед.",
      slow: "Ин сомона барои гуфтани он ки шумо кистед, вақти зиёд мегирад.",
    },
  };
  settings.lang = [settings.lang, document.documentElement.lang.slice(0, 2), "en"].find((lang) => Object.hasOwn(WORDS, lang));
  const words = WORDS[settings.lang];

  const STYLE = `
    :host { all: initial; display: block; color-scheme: light dark;
      --paper: light-dark(#faf8f4, #161513); --ink: light-dark(#22201c, #ece8e1);
      --line: light-dark(#d9d2c4, #383530); --accent: light-dark(#0f766e, #5eead4);
      --accent-ink: light-dark(#fff, #0c2b28);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
    :host([data-theme=light]) { color-scheme: light; } :host([data-theme=dark]) { color-scheme: dark; }
    .panel { position: relative; box-sizing: border-box; height: ${cssLength(height)}; overflow: hidden;
      border: 1px solid var(--line); border-radius: 12px; background: var(--paper); }
    .corner { position: fixed; z-index: 2147483000; right: 20px; bottom: 20px; display: grid; justify-items: end; gap: 12px; }
    .corner .panel { width: min(420px, calc(100vw - 40px)); height: min(640px, calc(100dvh - 110px));
      box-shadow: 0 12px 40px rgb(0 0 0 / .22); }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    button { font: 600 15px/1 inherit; font-family: inherit; padding: 13px 20px; border: 0; border-radius: 999px;
      color: var(--accent-ink); background: var(--accent); cursor: pointer; }
    .plain { color: var(--ink); background: none; }
    .corner > button { box-shadow: 0 4px 16px rgb(0 0 0 / .22); }
    button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
    .told { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 16px;
      padding: 24px; text-align: center; color: var(--ink); background: var(--paper); }
    .told p { margin: 0; max-width: 34ch; }
    [hidden] { display: none !important; }
    @media (max-width: 520px) { .corner.open { inset: 0; } .corner.open > button { display: none; }
      .corner .panel { width: 100vw; height: 100dvh; border: 0; border-radius: 0; } }
    @media print { .corner { display: none; } }`;

  const host = document.createElement("div");
  host.className = "on-record";
  if (["light", "dark"].includes(settings.theme)) host.dataset.theme = settings.theme;
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  if (isColour(settings.accent)) {
    host.style.setProperty("--accent", settings.accent);
    host.style.setProperty("--accent-ink", inkOn(settings.accent));
  }

  const panel = element("div", { className: "panel" });
  const told = element("div", { className: "told", hidden: true });
  const message = element("p");
  const retry = element("button", { type: "button", textContent: words.retry });
  const dismiss = element("button", { type: "button", className: "plain", textContent: words.close, hidden: mode !== "corner" });
  message.setAttribute("role", "status");
  told.append(message, retry, dismiss);
  panel.append(told);
  const opener = element("button", { type: "button", textContent: words.open });
  const isCorner = mode === "corner";
  const corner = element("div", { className: "corner" });
  if (isCorner) {
    panel.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    corner.append(panel, opener);
    shadow.append(corner);
    (document.body ?? document.documentElement).append(host);
  } else {
    shadow.append(panel);
    if (script.closest("head")) addEventListener("DOMContentLoaded", () => document.body.append(host));
    else script.after(host);
  }

  let frame = null;
  let greeted = false;
  let waiting = 0;
  let latest = 0;
  let pending = null;

  function load() {
    frame?.remove();
    greeted = false;
    latest += 1;
    pending = null;
    if (!embed || !assertionUrl) return tell(words.setup, false);
    tell(words.loading, false);
    frame = element("iframe", {
      src: `${home}embed/${encodeURIComponent(embed)}`,
      title: settings.title ?? "On Record",
      referrerPolicy: "strict-origin",
      allow: "clipboard-write",
    });
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-downloads");
    panel.prepend(frame);
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (!greeted) tell(words.silent); }, HELLO_WITHIN);
  }

  function tell(text, canRetry = true) {
    message.textContent = text;
    retry.hidden = !canRetry;
    told.hidden = false;
  }

  function post(data) {
    frame?.contentWindow?.postMessage({ v: 1, ...data }, itsOrigin);
  }

  // While somebody is in, a fault that passes covers nothing up; that they have left, does.
  async function vouch(nonce, isRenewal = false) {
    const turn = ++latest;
    pending = nonce;
    const assertion = await fetchAssertion(nonce).catch((error) => ({ error }));
    if (turn !== latest) return;
    const { error } = assertion;
    if (error && isRenewal && error.words !== words.signedOut) {
      setTimeout(() => { if (turn === latest) vouch(nonce, true); }, VOUCH_AGAIN_IN);
      return;
    }
    if (error && isRenewal) logout();
    if (error) return tell(error.words ?? words.refused);
    told.hidden = true;
    pending = null;
    post({ type: "assist:assertion", assertion, nonce });
  }

  // The portal knows the person by its own session, which never leaves it.
  async function fetchAssertion(nonce) {
    const address = new URL(assertionUrl, location.href);
    if (address.origin !== location.origin) throw { words: words.setup };
    address.searchParams.set("embed", embed);
    address.searchParams.set("nonce", nonce);
    const signal = AbortSignal.timeout(ASSERTION_WITHIN);
    const reply = await fetch(address, { credentials: "same-origin", cache: "no-store", signal })
      .catch((error) => { throw { words: error.name === "TimeoutError" ? words.slow : words.refused }; });
    if (reply.status === 401 || reply.status === 403) throw { words: words.signedOut };
    const text = (await reply.text()).trim();
    if (!reply.ok || text.split(".").length !== 3) throw { words: words.refused };
    return text;
  }

  addEventListener("message", ({ origin, source, data }) => {
    if (!frame || origin !== itsOrigin || source !== frame.contentWindow) return;
    if (typeof data !== "object" || data === null || data.v !== 1) return;
    if (data.type === "assist:hello" || data.type === "assist:need-assertion") {
      if (typeof data.nonce !== "string" || data.nonce.length > 200) return;
      greeted = true;
      post({ type: "assist:settings", ...settings, corner: isCorner });
      vouch(data.nonce, data.type === "assist:need-assertion");
    } else if (data.type === "assist:close") close();
  });

  function open() {
    if (!isCorner) return;
    panel.hidden = false;
    corner.classList.add("open");
    opener.textContent = words.close;
    opener.setAttribute("aria-expanded", "true");
    if (!frame) load();
    frame?.focus();
  }

  function close() {
    if (!isCorner) return;
    panel.hidden = true;
    corner.classList.remove("open");
    opener.textContent = words.open;
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  }

  function logout() {
    latest += 1;
    pending = null;
    post({ type: "assist:logout" });
  }

  function tryAgain() {
    if (!greeted || pending === null) return load();
    tell(words.loading, false);
    vouch(pending);
  }

  retry.addEventListener("click", tryAgain);
  dismiss.addEventListener("click", close);
  opener.addEventListener("click", () => (panel.hidden ? open() : close()));
  corner.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  window.OnRecord = { open, close, logout, reload: load };
  if (!isCorner) load();

  function element(name, properties = {}) {
    return Object.assign(document.createElement(name), properties);
  }
  function pick(from, names) {
    return Object.fromEntries(names.filter((name) => from[name]).map((name) => [name, from[name]]));
  }
  function isColour(value) {
    return typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value);
  }
  // Black or white, whichever can be read better on the colour (WCAG's relative luminance).
  function inkOn(colour) {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
  }
  function cssLength(value) {
    return /^\d+(\.\d+)?(px|vh|dvh|rem|em|%)$/.test(value) ? value : "560px";
  }
})();
