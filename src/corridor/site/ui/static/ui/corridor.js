// What a browser with scripts gets on top. Every page works without this file.
"use strict";
(() => {
  const texts = document.getElementById("confirm")?.dataset ?? {};
  const say = (text) => {
    const live = document.getElementById("live");
    if (live) live.textContent = text ?? "";
  };
  const each = (root, selector, act) => {
    if (root.matches?.(selector)) act(root);
    root.querySelectorAll(selector).forEach(act);
  };

  // Ask before what cannot be undone: data-confirm on a form or on its button.
  const confirmed = new WeakSet();
  const ask = (form, button, text) => {
    const dialog = document.getElementById("confirm");
    document.getElementById("confirm-text").textContent = text;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      confirmed.add(form);
      form.requestSubmit(button);
    }, { once: true });
    dialog.showModal();
  };

  // One tap, one request.
  const sending = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    const text = button?.dataset.confirm ?? form.dataset.confirm;
    if (form.method === "dialog") return;
    if (text && !confirmed.has(form)) {
      event.preventDefault();
      event.stopPropagation();
      ask(form, button, text);
      return;
    }
    confirmed.delete(form);
    if (form.method !== "post") return;
    if (sending.has(form)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    sending.add(form);
    form.setAttribute("aria-busy", "true");
    say(texts.sending);
    // Disabled only after the browser has read the button's own name and value.
    setTimeout(() => form.querySelectorAll("button").forEach((b) => b.setAttribute("aria-disabled", "true")));
  }, true);
  const release = (form) => {
    sending.delete(form);
    form.removeAttribute("aria-busy");
    form.querySelectorAll("[aria-disabled]").forEach((b) => b.removeAttribute("aria-disabled"));
  };
  // Back from the browser's memory, or answered in place: the form may be sent again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[aria-busy]").forEach(release);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.matches?.("form[aria-busy]")) release(event.target);
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy],[data-share],[data-print]");
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (!button) return;
    const { copy, share } = button.dataset;
    if ("print" in button.dataset) return print();
    if (share && navigator.share) return navigator.share({ title: document.title, url: share }).catch(() => {});
    await navigator.clipboard.writeText(copy ?? share);
    button.dataset.done = texts.copied;
    say(texts.copied);
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details[open]");
    if (!menu || menu.classList.contains("facets")) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // Typed text stays in this tab until a page other than the form or a login follows its sending.
  const key = (form) => `draft:${form.dataset.draft}`;
  const read = (name) => JSON.parse(sessionStorage.getItem(name) ?? "null");
  const fields = (form) => [...form.elements].filter((e) => e.name && !/^(hidden|password|file|submit|button)$/.test(e.type));
  const keep = (form, sent) => {
    const ticked = (e) => (/^(checkbox|radio)$/.test(e.type) ? e.checked : e.value);
    sessionStorage.setItem(key(form), JSON.stringify({ sent, values: fields(form).map((e) => [e.name, ticked(e)]) }));
  };
  const restore = (form) => {
    const kept = read(key(form));
    if (!kept) return;
    if (document.querySelector(".error-summary")) return keep(form, false);
    const rows = fields(form);
    kept.values.forEach(([name, value], at) => {
      const field = rows[at];
      if (field?.name !== name) return;
      if (typeof value === "boolean") field.checked = value;
      else field.value = value;
    });
    const note = form.querySelector("[data-draft-note]");
    if (note) note.textContent = texts.restored;
    say(texts.restored);
  };
  const forms = [...document.querySelectorAll("form[data-draft]")];
  const login = document.querySelector("input[type=password],input[name=code]");
  Object.keys(sessionStorage).filter((name) => name.startsWith("draft:")).forEach((name) => {
    if (read(name)?.sent && !login && !forms.some((form) => key(form) === name)) sessionStorage.removeItem(name);
  });
  forms.forEach((form) => {
    restore(form);
    form.addEventListener("input", () => keep(form, false));
    form.addEventListener("submit", () => keep(form, true));
  });

  // Buttons that need this file show themselves; on a phone filters begin closed.
  const ready = (root) => {
    each(root, "[data-copy],[data-share],[data-print]", (button) => {
      const can = "print" in button.dataset || navigator.clipboard || (button.dataset.share && navigator.share);
      button.hidden = !can;
    });
    if (matchMedia("(max-width: 639px)").matches) each(root, "details.facets", (box) => (box.open = false));
    each(root, "[data-announce]", (found) => root === document || say(found.dataset.announce));
  };
  ready(document);
  document.addEventListener("htmx:load", (event) => ready(event.detail.elt));
})();
