// What is the same on every page, with Dash and without: the list of keys, the question before a session ends, words that
// somebody was writing when it did, and the line that stands on top of a printed page.
(function () {
    "use strict";
    const kept = {
        read: function (store, name) { try { return window[store].getItem(name); } catch (refused) { return null; } },
        write: function (store, name, value) {
            try { window[store].setItem(name, value); } catch (refused) { /* private windows may refuse */ }
        },
        drop: function (store, name) { try { window[store].removeItem(name); } catch (refused) { /* as above */ } }
    };
    function make(tag, words, more) {
        const node = Object.assign(document.createElement(tag), more || {});
        if (words) { node.textContent = words; }
        return node;
    }

    // A dialog of the browser's own: it takes the focus, keeps it, gives it back, and closes with Escape.
    function open(id, title, inside) {
        const before = document.getElementById(id);
        if (before) { before.remove(); }
        const dialog = make("dialog", "", { id: id, className: "over" });
        const head = make("h2", title, { id: id + "-title", tabIndex: -1 });
        dialog.setAttribute("aria-labelledby", head.id);
        dialog.append(head, ...inside);
        document.body.append(dialog);
        dialog.showModal();
        return dialog;
    }

    // ? opens the list of keys. One key alone can be hit by mistake or by speech, so that it can be turned off.
    const KEYS = [
        ["Tab, Shift + Tab", "to the next or the last link, button or field"],
        ["Enter", "follow a link, open “Table” or “What is this number?”, press a button"],
        ["Escape", "close what is open"],
        ["Alt + ←", "back to the page before (on a Mac: ⌘ + ←)"],
        ["Ctrl + P", "print the page (on a Mac: ⌘ + P)"],
        ["?", "this list"]
    ];
    function showKeys() {
        const list = make("dl", "", { className: "keys" });
        KEYS.forEach(function (each) {
            const key = make("dt");
            key.append(make("kbd", each[0]));
            list.append(key, make("dd", each[1]));
        });
        const label = make("label", "", { className: "box" });
        const box = make("input", "", { type: "checkbox", checked: kept.read("localStorage", "keys") !== "off" });
        box.addEventListener("change", function () { kept.write("localStorage", "keys", box.checked ? "on" : "off"); });
        label.append(box, " ? opens this list");
        const help = make("p");
        help.append(make("a", "All of the help", { href: "/help" }));
        const close = make("button", "Close", { type: "button", className: "main-button" });
        const dialog = open("keys", "Keys", [list, label, help, close]);
        close.addEventListener("click", function () { dialog.close(); });
    }
    document.addEventListener("keydown", function (event) {
        const writes = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
        if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || writes) { return; }
        if (kept.read("localStorage", "keys") === "off" || document.querySelector("dialog[open], .shell.bare")) { return; }
        showKeys();  // the room's screen has a list of its own
    });

    // The folded menu of a phone closes with Escape and when a page was chosen from it.
    document.addEventListener("keydown", function (event) {
        const menu = event.key === "Escape" && event.target.closest && event.target.closest(".menu-fold[open]");
        if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    });
    document.addEventListener("focusout", function (event) {
        const menu = event.target.closest && event.target.closest(".menu-fold[open]");
        if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) { menu.open = false; }
    });
    document.addEventListener("click", function (event) {
        const menu = event.target.closest && event.target.closest("a") && event.target.closest(".menu-fold[open]");
        if (menu) { menu.open = false; }
        if (event.target.closest && event.target.closest("[data-shows-keys]")) { showKeys(); }
    });

    // Every question to the server keeps the session, in whichever window it was asked.
    let heard = Date.now();
    function hear() { heard = Date.now(); kept.write("localStorage", "heard", String(heard)); }
    hear();
    const ask = window.fetch;
    window.fetch = function () {
        const answer = ask.apply(this, arguments);
        answer.then(function (come) { if (come.ok) { hear(); } }, function () { /* nothing was heard */ });
        return answer;
    };
    function token() {
        const field = [...document.querySelectorAll("input[name=csrf_token]")].find(function (each) { return each.value; });
        const cookie = document.cookie.split("; ").find(function (each) { return each.startsWith("_csrf_token="); });
        return field ? field.value : cookie ? cookie.slice("_csrf_token=".length) : "";
    }
    function idle() {
        const told = document.querySelector("[data-idle-minutes]");
        return told ? Number(told.dataset.idleMinutes) : 0;
    }
    const EARLIER = 3; // minutes: two to answer, and one that the server may have counted already
    let asked = null;
    // The end of a working day comes whatever is done: told while there is time to store what is open.
    const TOLD = 10; // minutes
    let told = false;
    function left() {
        const day = document.querySelector("[data-reader][data-session-ends]");
        return day && !document.querySelector(".shell.bare") ? Number(day.dataset.sessionEnds) / 60 - Date.now() / 60000 : Infinity;
    }
    function tell(minutes) {
        told = true;
        const at = new Date(Date.now() + minutes * 60000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
        const note = make("div", `You will be signed out at ${at}: for safety nobody stays signed in for longer than a working day. `
            + "Store what you are writing; to go on at once, sign out and sign in again. ", { className: "trouble" });
        note.setAttribute("role", "alert");
        const close = make("button", "Close", { type: "button" });
        close.addEventListener("click", function () { note.remove(); });
        note.append(close);
        document.body.append(note);
    }
    function renew() {
        return ask.call(window, "/stay", { method: "POST", headers: { "X-CSRFToken": token() } })
            .then(function (come) { if (!come.ok) { throw new Error(); } hear(); });
    }
    function question(minutes) {
        const words = make("p", "You have not done anything for a while. To keep what you see to yourself the dashboard signs you"
            + " out in two minutes. What you have typed here is kept until you sign in again.");
        const told = make("p", "", { role: "status" });
        const stay = make("button", "Stay signed in", { type: "button", className: "main-button" });
        asked = open("session-ends", "Are you still there?", [words, told, stay]);
        asked.addEventListener("close", function () {
            asked = null;
            if (Date.now() - heard < minutes * 60000) { renew().catch(function () { ended(); }); }
        });
        stay.addEventListener("click", function () { asked.close(); });
        stay.focus();
    }
    function ended() {
        keepDraft();
        if (asked) { asked.remove(); asked = null; }
        const here = window.location.pathname + window.location.search;
        const words = make("p", "Nothing was lost: what you typed on this page comes back when you sign in and open it again in this"
            + " window.");
        const sign = make("a", "Sign in again", { className: "main-button", href: "/sign-in?next=" + encodeURIComponent(here) });
        open("session-ended", "You were signed out", [words, sign]);
        sign.focus();
    }
    window.setInterval(function () {
        const minutes = idle(), day = left();
        if (!minutes || document.getElementById("session-ended")) { return; }
        if (day <= 0) { ended(); return; }
        if (day <= TOLD && !told) { tell(day); }
        heard = Math.max(heard, Number(kept.read("localStorage", "heard")) || 0);
        const gone = (Date.now() - heard) / 60000;
        if (asked && gone < minutes - EARLIER) { asked.remove(); asked = null; }  // another window has answered
        if (gone >= minutes) { ended(); } else if (gone >= Math.max(minutes - EARLIER, minutes / 2) && !asked) { question(minutes); }
    }, 1000);

    // Words that were being written: in this window alone, for this person and this page, never a password or a file.
    const WRITTEN = "main form :is(textarea, select, input:not([type=hidden], [type=password], [type=file], [type=submit]))";
    function whose() {
        const name = document.querySelector("[data-reader]");
        return "draft " + (name ? name.dataset.reader : "") + " " + window.location.pathname;
    }
    function fields() {
        return [...document.querySelectorAll(WRITTEN)].filter(function (each) { return each.name && !/one-time|current-password/.test(each.autocomplete); });
    }
    function keepDraft() {
        const said = fields().map(function (each) {
            return [each.name, /checkbox|radio/.test(each.type) ? [each.value, each.checked] : each.value];
        });
        if (said.length) { kept.write("sessionStorage", whose(), JSON.stringify(said)); }
    }
    function bringDraft() {
        const said = kept.read("sessionStorage", whose());
        if (!said || !document.querySelector("[data-reader]")) { return; }
        kept.drop("sessionStorage", whose());
        const all = fields();
        JSON.parse(said).forEach(function (pair, place) {
            const field = all[place];
            if (!field || field.name !== pair[0]) { return; }
            if (Array.isArray(pair[1])) { field.checked = pair[1][1]; } else { field.value = pair[1]; }
        });
        const note = make("p", "What you had typed before you were signed out is back. Nothing of it is saved yet.",
            { className: "message" });
        note.setAttribute("role", "status");
        document.querySelector("main").prepend(note);
    }
    document.addEventListener("submit", function (event) {
        if (!event.target.action.endsWith("/sign-out")) { return; }
        try {
            Object.keys(window.sessionStorage).filter(function (name) { return name.startsWith("draft "); })
                .forEach(function (name) { kept.drop("sessionStorage", name); });
        } catch (refused) { /* then there was none */ }
    });
    document.addEventListener("DOMContentLoaded", bringDraft);

    // On paper stand the page, the year and the day: the address bar is not printed.
    function headPaper() {
        let line = document.querySelector(".printed-head");
        const page = document.getElementById("page");
        if (!page) { return; }
        if (!line) { line = make("p", "", { className: "printed-head" }); page.before(line); }
        const year = document.querySelector("nav[aria-label='Academic year'] .choice-current");
        const today = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
        line.textContent = [document.title, year && "academic year " + year.textContent, "as of " + today].filter(Boolean).join(" · ");
    }
    window.addEventListener("beforeprint", headPaper);

    // Charts are drawn for the width of the window; a sheet is narrower, and nothing of them may be cut off.
    const SHEET = 690;
    let narrowed = [];
    window.addEventListener("beforeprint", function () {
        if (!window.Plotly) { return; }
        narrowed = [...document.querySelectorAll(".js-plotly-plot")].filter(function (plot) { return plot.clientWidth > SHEET; });
        narrowed.forEach(function (plot) { window.Plotly.relayout(plot, { autosize: false, width: SHEET }); });
    });
    window.addEventListener("afterprint", function () {
        narrowed.forEach(function (plot) { window.Plotly.relayout(plot, { autosize: true, width: null }); });
        narrowed = [];
    });

    // A line that says how long something takes already, and after ten seconds lets one stop it.
    window.waiting = function (words, stop) {
        const line = make("div", "", { className: "waiting", hidden: true });
        const seconds = make("p");
        const told = make("p", "", { className: "visually-hidden" });
        told.setAttribute("role", "status");
        line.append(seconds, told);
        document.body.append(line);
        const since = Date.now();
        let button = null;
        const clock = window.setInterval(function () {
            const gone = Math.floor((Date.now() - since) / 1000);
            if (gone >= 1 && line.hidden) { line.hidden = false; told.textContent = words; }
            seconds.textContent = words + " " + gone + (gone === 1 ? " second" : " seconds");
            if (gone >= 10 && !button) {
                button = make("button", "Stop", { type: "button", className: "plain" });
                button.addEventListener("click", function () { end(); stop(); });
                line.append(button);
                told.textContent = "This takes long. You can stop it.";
            }
        }, 250);
        function end() { window.clearInterval(clock); line.remove(); }
        return end;
    };
})();
