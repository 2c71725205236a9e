// The talk with the portal's page, and the bearer that comes of it. Both in memory only.
const TYPES = new Set(["assist:assertion", "assist:settings", "assist:logout"]);
const API = new URL("../api/v1", import.meta.url).pathname;
const LONGEST = 20000;
const RENEW_AT = 0.8;
const PORTAL_WITHIN = 20000;
const TOKEN_WITHIN = 15000;
const RENEW_AGAIN_IN = 15000;

export function parentOrigin(origins) {
  if (window.parent === window) return null;
  const said = location.ancestorOrigins?.[0] ?? originOf(document.referrer);
  return origins.includes(said) ? said : undefined;
}

function originOf(address) {
  try { return new URL(address).origin; } catch { return undefined; }
}

export class Portal {
  // `on` has what to do: settings(values), signedIn({name, person}), loggedOut(),
  // failed(code, wait) with the seconds to wait, if any.
  constructor(origin, embed, on) {
    this.origin = origin;
    this.embed = embed;
    this.on = on;
    this.nonce = null;
    this.token = null;
    this.person = null;
    this.turn = 0;
    this.renewal = 0;
    this.patience = 0;
    this.renewing = null;
    this.renewed = null;
    addEventListener("message", (event) => this.#heard(event));
  }

  hello(type = "assist:hello") {
    this.nonce = randomText();
    this.#say({ type, nonce: this.nonce });
    clearTimeout(this.patience);
    if (!this.token) this.patience = setTimeout(() => this.#failed({ code: "silent" }), PORTAL_WITHIN);
  }

  close() { this.#say({ type: "assist:close" }); }

  // Calls the API with the bearer; once more with a new one if that has ended meanwhile and
  // the same person is there: another's question is never asked in one's name.
  async call(path, options = {}) {
    const reply = await this.#fetch(path, options);
    if (reply.status !== 401 || !this.token) return reply;
    const { person } = this;
    await this.#again();
    return this.person === person ? this.#fetch(path, options) : reply;
  }

  #fetch(path, options) {
    const headers = { ...options.headers, Authorization: `Bearer ${this.token}` };
    return fetch(`${API}${path}`, { ...options, headers, credentials: "omit", cache: "no-store" });
  }

  #again() {
    this.renewing ??= new Promise((resolve) => {
      const done = () => { clearTimeout(late); this.renewing = this.renewed = null; resolve(); };
      const late = setTimeout(done, TOKEN_WITHIN);
      this.renewed = done;
      this.hello("assist:need-assertion");
    });
    return this.renewing;
  }

  #say(data) { parent.postMessage({ v: 1, ...data }, this.origin); }

  #heard({ origin, source, data }) {
    if (origin !== this.origin || source !== parent) return;
    if (typeof data !== "object" || data === null || data.v !== 1 || !TYPES.has(data.type)) return;
    if (data.type === "assist:settings") this.on.settings(data);
    else if (data.type === "assist:logout") this.#logout();
    else this.#exchange(data);
  }

  async #exchange({ assertion, nonce }) {
    if (typeof assertion !== "string" || assertion.length > LONGEST) return;
    if (this.nonce === null || nonce !== this.nonce) return;
    this.nonce = null;
    clearTimeout(this.patience);
    const turn = ++this.turn;
    const { token, expires_in: life, name, person, ...refused } = await bearer({ assertion, nonce, embed: this.embed });
    if (turn !== this.turn) return end(token);
    if (!token) return this.#failed(refused);
    Object.assign(this, { token, person });
    clearTimeout(this.renewal);
    this.renewal = setTimeout(() => this.hello("assist:need-assertion"), life * 1000 * RENEW_AT);
    this.on.signedIn({ name, person });
    this.renewed?.();
  }

  // What passes by itself ends nothing while there is a bearer: it is tried again.
  #failed({ code, wait }) {
    if (this.token && (wait || code === "down")) {
      clearTimeout(this.renewal);
      this.renewal = setTimeout(() => this.hello("assist:need-assertion"), RENEW_AGAIN_IN);
    } else {
      this.token = null;
      this.on.failed(code, wait);
    }
    this.renewed?.();
  }

  #logout() {
    const { token } = this;
    this.turn += 1;
    clearTimeout(this.renewal);
    clearTimeout(this.patience);
    this.token = this.nonce = this.person = null;
    this.on.loggedOut();
    this.renewed?.();
    end(token);
  }
}

async function bearer(body) {
  try {
    const reply = await fetch(`${API}/embed/token`, {
      method: "POST", credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(TOKEN_WITHIN),
      headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    const said = await reply.json();
    return reply.ok ? said : { code: said.error.code, wait: reply.headers.get("Retry-After") };
  } catch { return { code: "down" }; }
}

function end(token) {
  if (!token) return;
  const headers = { Authorization: `Bearer ${token}` };
  fetch(`${API}/embed/logout`, { method: "POST", headers, credentials: "omit", keepalive: true }).catch(() => {});
}

function randomText() {
  return Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
