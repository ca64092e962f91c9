// The page's own script: puts patches where they belong, opens citations, sends examples, keeps the helplines in step.
// It stores nothing and talks to this server only.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const LOST_AFTER = 15000;
  const STUCK_AFTER = 75000;
  const waiting = new Map();
  let cited = null;
  let lost = 0;
  let received = "";

  // Patches: the server sends whole turns; what is there already stays as it is, so that a screen reader hears only
  // what is new, and an open source stays open.
  function sync(node, fresh) {
    if (node.nodeType !== fresh.nodeType || node.nodeName !== fresh.nodeName) {
      node.replaceWith(fresh.cloneNode(true));
      return;
    }
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.data !== fresh.data) node.data = fresh.data;
      return;
    }
    syncAttributes(node, fresh);
    const old = [...node.childNodes];
    const now = [...fresh.childNodes];
    now.forEach((child, i) => (old[i] ? sync(old[i], child) : node.append(child.cloneNode(true))));
    old.slice(now.length).forEach((child) => child.remove());
  }

  function syncAttributes(node, fresh) {
    for (const { name } of [...node.attributes])
      if (name !== "open" && name !== "hidden" && !fresh.hasAttribute(name)) node.removeAttribute(name);
    for (const { name, value } of fresh.attributes)
      if (name !== "hidden" && node.getAttribute(name) !== value) node.setAttribute(name, value);
  }

  function place(part) {
    if (part.id === "hint") return hint(part.textContent);
    const there = byId(part.id);
    if (there) sync(there, part);
    else begin(part);
    if (part.id === "bar") there.hidden = false;
    else watch(byId(part.id));
  }

  function begin(part) {
    const turn = part.cloneNode(true);
    document.body.classList.add("talking");
    byId("log").append(turn);
    hint("");
    if (turn === turn.parentNode.firstElementChild) scrollTo(0, 0);
    else turn.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  }

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  function hint(text) {
    let line = byId("hint");
    if (!line) {
      line = document.createElement("p");
      line.id = "hint";
      line.setAttribute("role", "status");
      document.querySelector("gradio-app").prepend(line);
    }
    line.textContent = text;
  }

  function receive() {
    const patch = document.querySelector("#feed .patch");
    if (!patch || patch.id === received) return;
    received = patch.id;
    clearTimeout(lost);
    [...patch.querySelector("template").content.children].forEach(place);
  }

  // Where no answer comes, say so instead of waiting for ever.
  function watch(turn) {
    clearTimeout(waiting.get(turn.id));
    if (turn.querySelector(".working")) waiting.set(turn.id, setTimeout(() => giveUp(turn), STUCK_AFTER));
  }

  function giveUp(turn) {
    turn.querySelector(".reply").replaceWith(byId("lost").content.firstElementChild.cloneNode(true));
  }

  function sent() {
    clearTimeout(lost);
    lost = setTimeout(() => byId("log").append(byId("lost").content.cloneNode(true)), LOST_AFTER);
  }

  // The input is Gradio's; it comes a moment after the page.
  const box = () => document.querySelector("#ask textarea");
  const button = () => document.querySelector("#ask button");
  const country = () => document.querySelector("#country textarea, #country input");

  function fill(field, text) {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function whenReady(then, tries = 200) {
    if (box() && button() && country()) then();
    else if (tries) setTimeout(() => whenReady(then, tries - 1), 100);
    else hint(byId("lost").content.textContent.trim());
  }

  function ask(text) {
    whenReady(() => {
      fill(box(), text);
      setTimeout(() => button().click(), 30);
    });
  }

  function openSource(link) {
    const source = byId(link.getAttribute("href").slice(1));
    if (!source) return;
    cited = link;
    document.querySelectorAll(".source.shown").forEach((other) => other.classList.remove("shown"));
    source.closest("details").open = true;
    source.classList.add("shown");
    source.querySelector("[data-back]").hidden = false;
    source.focus({ preventScroll: true });
    source.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  }

  function goBack(backButton) {
    backButton.hidden = true;
    if (!cited || !cited.isConnected) return;
    cited.focus({ preventScroll: true });
    cited.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  }

  // Helplines of another country: shown at once from this server, and sent along with the next message.
  async function showLines(place) {
    whenReady(() => fill(country(), place));
    const answer = await fetch(`/help/lines?country=${encodeURIComponent(place)}`, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const lines = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
    byId("help-lines").replaceChildren(...lines.childNodes);
    const more = document.querySelector(".help-panel a[href^='/help?']");
    if (more) more.href = `/help?country=${lines.dataset.code}`;
    return lines.dataset.code;
  }

  const choose = (select) => showLines(select.value).catch(() => select.form.submit());

  // As long as nobody chose: where the clock says that the person is. Without an answer the page stays as it came.
  async function here() {
    const select = document.querySelector("#help [data-country]");
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!select || !zone) return;
    const before = select.value;
    const code = await showLines(`tz:${zone}`).catch(() => before);
    if (select.value === before) select.value = code;
  }

  function clicked(event) {
    const target = event.target.closest("a.cite, [data-ask], [data-back], #ask button");
    const help = byId("help");
    if (help.open && !help.contains(event.target)) help.open = false;
    if (!target) return;
    if (target.matches("a.cite")) {
      event.preventDefault();
      openSource(target);
    } else if (target.matches("[data-ask]")) ask(target.dataset.ask);
    else if (target.matches("[data-back]")) goBack(target);
    else sending(event);
  }

  function sending(event) {
    if (box().value.trim()) return sent();
    event.preventDefault();
    event.stopPropagation();
    hint(byId("empty").content.textContent.trim());
    box().focus();
  }

  function pressed(event) {
    const help = byId("help");
    if (event.key === "Escape" && help.open) {
      help.open = false;
      help.querySelector("summary").focus();
    }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box()) sending(event);
  }

  // Gradio puts its parts in when it likes, so watch the whole of it.
  new MutationObserver(receive).observe(document.querySelector("gradio-app"), { childList: true, subtree: true });
  document.documentElement.classList.add("js");
  document.addEventListener("click", clicked, true);
  document.addEventListener("keydown", pressed, true);
  document.addEventListener("change", (event) => {
    if (event.target.matches("#help [data-country]")) choose(event.target);
  });
  here();
  whenReady(() => {
    box().setAttribute("aria-describedby", "hint");
  });
})();
