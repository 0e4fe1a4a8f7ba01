// The screen of a meeting room: which panel is shown, rotation, the look for changes, notes. On other pages: nothing.
(function () {
    const USUAL_SECONDS = 30, PATIENCE = 10000, LATER = 300000;
    let ticking = null, watching = null, pending = false;
    let wanted = false;  // somebody asked for the form before it was there
    let early = null;  // a key pressed before the screen was drawn: done when it is
    let panel = 1, seconds = 0, paused = false, turnsAt = 0;
    let asksAt = 0, asking = false, freshAt = null, cutSince = null, ended = "", knownDay = null, shownVersion = null;
    let dialog = null, fetchedForm = false, sending = false;
    const unkept = {};  // where a private window refuses to keep anything

    const room = () => document.getElementById("room");
    const root = document.documentElement;
    const all = (selector) => [...document.querySelectorAll(selector)];
    const clock = (when) => new Date(when).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const choice = (name) => new URLSearchParams(window.location.search).get(name);
    const isPhone = () => window.matchMedia("(max-width: 760px)").matches;

    function kept(name, value) {
        try {
            if (value === undefined) { return JSON.parse(window.localStorage.getItem(name)); }
            if (value === null) { window.localStorage.removeItem(name); } else { window.localStorage.setItem(name, JSON.stringify(value)); }
        } catch (refused) {
            if (value === undefined) { return unkept[name]; }
            unkept[name] = value;
        }
        return value;
    }

    // Begin and end with the page.
    function look() {
        const here = window.location.pathname.startsWith("/screen/");
        if (here && ticking === null) { begin(); }
        if (!here && ticking !== null) { end(); }
    }
    function begin() {
        panel = Number(choice("panel")) || 1;
        seconds = Math.min(Math.max(Number(choice("rotate")) || 0, 0), 3600);
        if (seconds && seconds < 5) { seconds = 5; }
        paused = false; freshAt = null; cutSince = null; ended = ""; shownVersion = null; fetchedForm = false;
        early = null;
        asksAt = Date.now() + 15000;
        turnsAt = Date.now() + seconds * 1000;
        ticking = window.setInterval(tick, 1000);
        watching = new MutationObserver(function () {
            if (pending) { return; }
            pending = true;
            window.requestAnimationFrame(function () { pending = false; apply(); });
        });
        watching.observe(document.body, { childList: true, subtree: true });
        apply();
    }
    function end() {
        window.clearInterval(ticking);
        watching.disconnect();
        ticking = null;
        if (dialog) { dialog.remove(); dialog = null; }
        ["data-room-panel", "data-room-turns", "data-room-cut"].forEach((name) => root.removeAttribute(name));
    }
    function tick() {
        if (!room()) { return; }
        const now = Date.now();
        if (seconds && !paused && !isBusy() && !isPhone() && now >= turnsAt) { show(panel % count() + 1, false); }
        if (seconds && isBusy()) { turnsAt = now + seconds * 1000; }
        if (!asking && now >= asksAt) { ask(); }
    }
    const count = () => all(".room-panel").length || 1;
    const isBusy = () => all("dialog[open]").length > 0;

    // What is shown: kept on the root, which no renderer touches, and in the address.
    function show(number, said) {
        panel = Math.min(Math.max(number, 1), count());
        turnsAt = Date.now() + seconds * 1000;
        remember();
        apply();
        if (!said) { return; }
        const name = document.querySelector(`.room-to[data-panel="${panel}"]`);
        write("room-said", name ? name.textContent.replace("/", " of ") : "");
        if (isPhone()) { document.getElementById("room-panel-" + panel).scrollIntoView(); }
    }
    function remember() {
        const address = new URL(window.location.href);
        address.searchParams.set("panel", panel);
        if (seconds) { address.searchParams.set("rotate", seconds); } else { address.searchParams.delete("rotate"); }
        window.history.replaceState(window.history.state, "", address);
    }
    function apply() {
        const here = room();
        if (!here) { return; }
        if (panel > count()) { panel = count(); }
        set(root, "data-room-panel", String(panel));
        set(root, "data-room-turns", seconds ? (paused ? "paused" : "yes") : "no");
        all(".room-to").forEach((each) => set(each, "aria-current", Number(each.dataset.panel) === panel ? "true" : "false"));
        all('[data-do="rotate"]').forEach((each) => set(each, "aria-pressed", String(seconds > 0)));
        all('[data-do="pause"]').forEach((each) => set(each, "aria-pressed", String(paused)));
        all('[data-do="deaf"]').forEach((each) => set(each, "aria-pressed", String(isDeaf())));
        if (here.dataset.version !== shownVersion) {  // the page has come, or come anew
            shownVersion = here.dataset.version;
            freshAt = Date.now();
        }
        if (early !== null) { const key = early; early = null; press(key); }
        tell();
        if (!fetchedForm && document.querySelector('#room [data-do="note"]')) { fetchedForm = true; fetchForm(); }
    }
    function set(element, name, value) {
        if (element.getAttribute(name) !== value) { element.setAttribute(name, value); }
    }
    function write(id, words) {
        const element = document.getElementById(id);
        if (element && element.textContent !== words) { element.textContent = words; }
    }
    function tell() {
        const every = (room() && room().dataset.every) || "15";
        write("room-as-of", freshAt === null ? "" : `, ${clock(freshAt)} · changes show within ${every} seconds`);
        const asOf = freshAt === null ? "" : ` What is shown is as of ${clock(freshAt)}.`;
        write("room-line", ended ? ended + asOf : cutSince === null ? "" : `No connection since ${clock(cutSince)}, trying again.${asOf}`);
        set(root, "data-room-cut", ended || cutSince !== null ? "yes" : "no");
    }

    // Whether anything changed.
    async function get(address, options) {
        const stop = new AbortController(), late = window.setTimeout(() => stop.abort(), PATIENCE);
        try {
            return await window.fetch(address, Object.assign({ redirect: "manual", cache: "no-store", signal: stop.signal }, options));
        } finally {
            window.clearTimeout(late);
        }
    }
    const isOver = (answer) => answer.type === "opaqueredirect" || answer.status === 401;
    async function ask() {
        const here = room();
        asking = true;
        asksAt = Date.now() + Number(here.dataset.every) * 1000;
        try {
            const answer = await get(`/screen/${encodeURIComponent(here.dataset.cluster)}/pulse`);
            if (isOver(answer)) {
                ended = ended || `This screen was closed at ${clock(Date.now())}: its link or its sign-in has ended. Ask the coordinator for a new link, or sign in again.`;
                cutSince = null;
            } else if (answer.status === 403 || answer.status === 404) {
                ended = ended || `This screen is not to be seen any more since ${clock(Date.now())}. Ask the coordinator.`;
                asksAt = Date.now() + LATER;
                cutSince = null;
            } else if (answer.ok) {
                const come = await answer.json();
                ended = "";
                cutSince = null;
                if (come.version !== shownVersion || (knownDay !== null && come.day !== knownDay)) { refresh(); } else { freshAt = Date.now(); }
                knownDay = come.day;
                send();
            } else {
                cut();
            }
        } catch (away) {
            cut();
        } finally {
            asking = false;
        }
        tell();
    }
    function cut() {
        if (cutSince === null) { cutSince = Date.now(); }
    }
    function refresh() {
        window.dash_clientside.set_props("display", { data: {
            theme: root.getAttribute("data-bs-theme"), narrow: isPhone(), asked: Date.now()
        } });
    }
    function soon() {
        if (ticking !== null && room() && !asking) { ask(); }
    }

    // Notes.
    const draftName = () => "room-draft:" + room().dataset.cluster;
    const outboxName = () => "room-outbox:" + room().dataset.cluster;
    const outbox = () => kept(outboxName()) || [];
    const form = () => dialog && dialog.querySelector("form");
    function sentAs() {
        return [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
    }
    async function fetchForm() {
        const here = room();
        const address = `/screen/${encodeURIComponent(here.dataset.cluster)}/notes?year=${encodeURIComponent(here.dataset.year)}`;
        try {
            const answer = await get(address);
            if (!answer.ok) { return; }
            const come = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".room-note");
            if (ticking === null || !come) { return; }
            take(come);
            if (wanted) { wanted = false; openNote(); }
        } catch (away) { /* the form that is there does for now, and today's notes come with the next one */ }
    }
    function take(come) {
        if (!dialog) {
            dialog = document.createElement("dialog");
            dialog.id = "room-dialog";
            dialog.className = "room-over room-aside";
            dialog.setAttribute("aria-label", "Note what was decided");
            dialog.append(come);
            document.body.append(dialog);
            fill(kept(draftName()) || {});
        } else {  // what is being typed stays
            const there = dialog.querySelector(".room-note");
            form().elements.namedItem("csrf_token").value = come.querySelector("[name=csrf_token]").value;
            const figures = [...come.querySelectorAll(".room-kept")];
            [...there.querySelectorAll(".room-kept")].forEach((old, place) => old.replaceWith(figures[place]));
            there.querySelector("section").replaceWith(come.querySelector("section"));
        }
        about();
        list();
    }
    function fill(draft) {
        const fields = form().elements;
        ["words", "owner", "due_on"].forEach((name) => { fields.namedItem(name).value = draft[name] || ""; });
        all('#room-dialog [name="kind"]').forEach((each) => { each.checked = each.value === (draft.kind || "action"); });
    }
    function typed() {
        const data = new FormData(form());
        return { kind: data.get("kind"), words: data.get("words"), owner: data.get("owner"), due_on: data.get("due_on") };
    }
    function about() {
        const name = aboutNow();
        all("#room-dialog .room-kept").forEach((each) => { each.hidden = each.dataset.about !== name; });
    }
    function aboutNow() {
        const button = document.querySelector(`.room-to[data-panel="${panel}"]`);
        return button ? button.dataset.about : "meeting";
    }
    function list() {
        const waiting = dialog && dialog.querySelector(".room-waiting");
        if (!waiting) { return; }
        waiting.replaceChildren(...outbox().map(function (each) {
            const item = document.createElement("li");
            item.textContent = `${each.words} (${each.problem || "kept in this browser until there is a connection"})`;
            return item;
        }));
    }
    function openNote() {
        if (!document.querySelector('#room [data-do="note"]')) { return; }
        if (dialog && dialog.open) { dialog.close(); return; }
        if (!dialog) { write("room-said", "The form is not there yet. It opens in a moment."); wanted = true; fetchForm(); return; }
        problem("");
        about();
        list();
        dialog.showModal();
        form().elements.namedItem("words").focus();
        fetchForm();
    }
    function problem(words, field) {
        dialog.querySelector(".room-problem").textContent = words;
        const wrong = field && form().elements.namedItem(field);
        if (wrong && wrong.focus) { wrong.focus(); }
    }
    function keep() {
        const now = new Date();
        const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((each) => String(each).padStart(2, "0")).join("-");
        const note = Object.assign(typed(), {
            sent_as: sentAs(), about: aboutNow(), year: room().dataset.year, decided_on: day
        });
        if (!note.words.trim()) { problem("Say in a sentence or two what was decided.", "words"); return; }
        kept(outboxName(), [...outbox(), note]);
        kept(draftName(), null);
        fill({ kind: note.kind });
        problem("");
        list();
        send(true);
    }
    async function send(tells) {
        if (sending || !dialog) { return; }
        const note = outbox().find((each) => !each.problem);
        if (!note) { return; }
        sending = true;
        let more = false;
        try {
            const body = new URLSearchParams(Object.assign({ csrf_token: form().elements.namedItem("csrf_token").value }, note));
            const answer = await get(form().getAttribute("action"), { method: "POST", body: body });
            const come = answer.status === 201 || answer.status === 422 ? await answer.json() : {};
            if (answer.status === 201) {
                forget(note);
                more = true;
                await fetchForm();
                if (tells) { soon(); }
            } else if (answer.status === 422) {
                refused(note, come);
            } else if (answer.status === 400) {  // the token is of a session before: a new one comes with the form
                await fetchForm();
            } else if (tells) {
                problem("The note is kept in this browser and sent as soon as the dashboard takes it.");
            }
        } catch (away) {
            if (tells) { problem("There is no connection. The note is kept in this browser and sent as soon as there is one."); }
        } finally {
            sending = false;
        }
        list();
        if (more) { send(false); }
    }
    function forget(note) {
        kept(outboxName(), outbox().filter((each) => each.sent_as !== note.sent_as));
    }
    function refused(note, come) {
        const untouched = !typed().words.trim();
        if (untouched) {
            forget(note);
            fill(note);
            kept(draftName(), typed());
            problem(come.sentence, come.field);
        } else {
            kept(outboxName(), outbox().map((each) => each.sent_as === note.sent_as ? Object.assign(each, { problem: come.sentence }) : each));
        }
    }

    // Keys and buttons do the same.
    const isDeaf = () => kept("room-keys") === "off";
    const DO = {
        show: (number) => show(number, true),
        next: () => show(panel % count() + 1, true),
        previous: () => show((panel + count() - 2) % count() + 1, true),
        pause: function () {
            if (!seconds) { return; }
            paused = !paused;
            turnsAt = Date.now() + seconds * 1000;
            write("room-said", paused ? "Paused" : "Rotating");
            apply();
        },
        rotate: function () {
            seconds = seconds ? 0 : USUAL_SECONDS;
            paused = false;
            turnsAt = Date.now() + seconds * 1000;
            write("room-said", seconds ? `Rotating, every ${seconds} seconds` : "Not rotating");
            remember();
            apply();
        },
        note: openNote,
        full: function () {
            if (document.fullscreenElement) { document.exitFullscreen(); return; }
            root.requestFullscreen().catch(() => write("room-said", "This browser does not allow a full screen."));
        },
        keys: function () {
            const keys = document.getElementById("room-keys");
            if (keys.open) { keys.close(); } else { keys.showModal(); }
        },
        deaf: function () { kept("room-keys", isDeaf() ? null : "off"); apply(); }
    };
    const KEYS = { ArrowRight: "next", ArrowLeft: "previous", " ": "next", p: "pause", r: "rotate", n: "note", f: "full", "?": "keys" };
    function press(key) {
        if (isDeaf() && key.length === 1) { return false; }
        const number = /^[1-9]$/.test(key) ? Number(key) : 0;
        if (number && number <= count()) { DO.show(number); return true; }
        if (KEYS[key]) { DO[KEYS[key]](); return true; }
        return false;
    }
    document.addEventListener("keydown", function (event) {
        if (ticking === null || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isBusy()) { return; }
        const on = event.target;
        if (on.closest("input, textarea, select, [contenteditable]")) { return; }
        if (event.key === " " && on.closest("button, a, summary")) { return; }  // it presses what has the focus
        const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
        if (!room()) { early = key; return; }
        if (press(key)) { event.preventDefault(); }
    });
    document.addEventListener("click", function (event) {
        const button = event.target.closest && event.target.closest("#room [data-do], #room-dialog [data-do]");
        if (ticking !== null && button) { DO[button.dataset.do](Number(button.dataset.panel)); }
    });
    document.addEventListener("submit", function (event) {
        if (!dialog || event.target !== form()) { return; }
        event.preventDefault();
        keep();
    });
    document.addEventListener("input", function (event) {
        if (dialog && event.target.form && event.target.form === form()) { kept(draftName(), typed()); }
    });
    window.addEventListener("online", soon);
    window.addEventListener("offline", function () {
        if (ticking !== null && room()) { cut(); tell(); }
    });
    window.addEventListener("popstate", look);
    window.addEventListener("_dashprivate_pushstate", look);
    look();
})();
