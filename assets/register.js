// Taking a register: each tap is kept on this phone before it is sent, sent at once, and sent again until it is answered.
// Each says what this page believed to stand there; where something else stands the server writes nothing, and the person
// decides. Keys are those of the page: "s5" is a school, "p5-7" a person of it.
(function () {
    const box = document.getElementById("register");
    if (!box) { return; }
    const address = "/register/" + box.dataset.meeting;
    const ours = "register " + box.dataset.meeting + " " + box.dataset.reader + " ";
    const status = document.getElementById("register-status");
    const marked = document.getElementById("register-marked");
    const undo = document.getElementById("register-undo");
    const decide = document.getElementById("register-decide");
    const WORDS = {
        present: "present", substitute: "substitute", apologies: "apologies", absent: "absent",
        not_expected: "not expected", null: "not recorded"
    };
    const TICKS = { present: "came", substitute: "came for somebody", absent: "did not come", null: "not said" };
    const PAUSE = 300; // the arrow keys pass over marks on their way: the last one is meant
    const POLL = 5000;
    const LONGEST_WAIT = 15000;
    const TIRED = 10 * 60 * 1000; // a phone that nobody touches must not keep its session alive

    let stands = JSON.parse(box.dataset.stands); // key → mark, as far as this page knows
    let queue = []; // taps that are not answered yet, the oldest first: {key, value, was, schoolWas, tried}
    const conflicts = {}; // key → what this page tapped, where something else stands now
    const mine = {}; // key → what this page set there last
    const taken = []; // what undo takes back: [key, value before, school's value before]
    let busy = false, away = false, ended = "", others = "", said = "", saved = "", failures = 0, timer = 0, age = 0;
    let used = Date.now();

    // ------------------------------------------------------------------------------------ what is kept on this phone
    function word() {
        let found = null;
        try { found = window.sessionStorage.getItem("register page"); } catch (refused) { /* a word for this page alone */ }
        if (!found) {
            found = Array.from(window.crypto.getRandomValues(new Uint8Array(12)), function (each) {
                return each.toString(16).padStart(2, "0");
            }).join("");
            try { window.sessionStorage.setItem("register page", found); } catch (refused) { /* the same */ }
        }
        return found;
    }
    const page = word();

    function keep() {
        try {
            if (queue.length || Object.keys(conflicts).length) {
                window.localStorage.setItem(ours + page, JSON.stringify({ queue: queue, conflicts: conflicts }));
            } else {
                window.localStorage.removeItem(ours + page);
            }
        } catch (refused) { /* private windows may refuse: then taps last as long as the page */ }
    }

    // Taps of this page from before it was loaded again, and of pages that were closed before all was sent.
    function remember() {
        try {
            Object.keys(window.localStorage).filter(function (name) { return name.startsWith(ours); }).forEach(function (name) {
                const kept = JSON.parse(window.localStorage.getItem(name));
                queue = queue.concat(kept.queue.map(function (tap) { return Object.assign(tap, { tried: true }); }));
                Object.assign(conflicts, kept.conflicts);
                window.localStorage.removeItem(name);
            });
        } catch (refused) { /* nothing is kept, or nothing that can be read */ }
        const there = queue.filter(function (tap) { return fieldsetOf(tap.key); });
        if (there.length < queue.length) { said = "A tap from before was not sent: its school is not expected any more"; }
        queue = there;
        Object.keys(conflicts).forEach(function (key) { if (!fieldsetOf(key)) { delete conflicts[key]; } });
        keep();
    }

    // ---------------------------------------------------------------------------------------- what the page is about
    function schoolOf(key) { return "s" + key.slice(1).split("-")[0]; }
    function isPerson(key) { return key.startsWith("p"); }
    function fieldsetOf(key) { return box.querySelector(isPerson(key) ? '[data-person="' + key + '"]' : '[data-school="' + key + '"]'); }
    function nameOf(key) { return fieldsetOf(key).dataset.name; }
    function peopleOf(school) {
        return Array.from(box.querySelectorAll('[data-school="' + school + '"] [data-person]'), function (each) { return each.dataset.person; });
    }
    function wordOf(key, mark) { return (isPerson(key) ? TICKS : WORDS)[mark]; }
    function standing(key) { return stands[key] || null; }
    function isWaiting(key) { return queue.some(function (tap) { return tap.key === key || (isPerson(tap.key) && schoolOf(tap.key) === key); }); }

    // The mark of a school after a tick of one of its people: the server's rule (`follow`), to show it before the answer.
    function follow(mark, ticks) {
        if (ticks.includes("present")) { return "present"; }
        if (ticks.includes("substitute")) { return "substitute"; }
        if (ticks.includes(null) || mark === "substitute" || mark === "apologies") { return mark; }
        return "absent";
    }

    // All marks as this person means them: what stands, and over it what they tapped since.
    function meant() {
        const shown = Object.assign({}, stands);
        queue.forEach(function (tap) {
            shown[tap.key] = tap.value;
            if (isPerson(tap.key)) {
                const school = schoolOf(tap.key);
                shown[school] = follow(shown[school] || null, peopleOf(school).map(function (each) { return shown[each] || null; }));
            }
        });
        return shown;
    }
    function shownAt(key) { return meant()[key] || null; }

    // ------------------------------------------------------------------------------------------------------- tapping
    function tap(key, value) {
        const before = shownAt(key), school = schoolOf(key), schoolBefore = shownAt(school);
        if (before === value) { return; }
        const merged = put(key, value);
        if (!merged) { taken.push([key, before, isPerson(key) ? schoolBefore : null]); }
        delete conflicts[key];
        said = "";
        changed();
    }

    // Says whether the tap was taken together with the one before, which was not sent yet.
    function put(key, value) {
        const last = queue[queue.length - 1];
        if (last && last.key === key && !last.tried) {
            last.value = value;
            if (last.value === last.was) { queue.pop(); }
            return true;
        }
        queue.push({ key: key, value: value, was: shownAt(key), schoolWas: shownAt(schoolOf(key)), tried: false });
        return false;
    }

    function takeBack() {
        const last = taken.pop();
        if (!last) { return; }
        const key = last[0], school = schoolOf(key);
        if (shownAt(key) !== last[1]) { put(key, last[1]); }
        if (isPerson(key) && shownAt(school) !== last[2]) { put(school, last[2]); }
        said = nameOf(key) + " is " + wordOf(key, last[1]) + " again";
        changed();
    }

    function changed() {
        used = Date.now();
        age += 1;
        keep();
        draw();
        later(away ? 0 : PAUSE);
    }

    // ------------------------------------------------------------------------------------------------------- sending
    function later(wait) {
        window.clearTimeout(timer);
        timer = window.setTimeout(send, wait);
    }

    function ask(path, body, leaving) {
        const options = { redirect: "manual", headers: { "X-CSRFToken": box.dataset.token }, cache: "no-store" };
        options.keepalive = Boolean(leaving);
        if (body) {
            options.method = "POST";
            options.headers["Content-Type"] = "application/json";
            options.body = JSON.stringify(body);
        }
        const stop = new AbortController();
        options.signal = stop.signal;
        const patience = window.setTimeout(function () { stop.abort(); }, LONGEST_WAIT);
        return window.fetch(address + path, options).finally(function () { window.clearTimeout(patience); });
    }

    function bodyOf(tap) {
        const numbers = tap.key.slice(1).split("-").map(Number);
        const body = { school_id: numbers[0], mark: tap.value, was: tap.was, page: page };
        if (isPerson(tap.key)) { body.person_id = numbers[1]; body.school_was = tap.schoolWas; }
        return body;
    }

    async function send() {
        if (busy || ended || !queue.length) { return; }
        const first = queue[0];
        busy = true;
        first.tried = true;
        keep();
        draw();
        let answer = null, told = {};
        try {
            answer = await ask("/mark", bodyOf(first));
            if (answer.status < 500 && answer.status !== 429) { told = await read(answer); }
        } catch (gone) {
            answer = null; // no connection, or it broke off: what became of the tap the next answer tells
        }
        busy = false;
        // Nothing of ours leads elsewhere from here: that is the sign-in page of a network, not ours.
        if (!answer || answer.type === "opaqueredirect" || answer.status >= 500 || answer.status === 429) {
            away = true;
            failures += 1;
            later(Math.min(LONGEST_WAIT, 500 * Math.pow(2, failures)));
        } else {
            here_again();
            take(first, answer, told);
        }
        keep();
        draw();
        if (queue.length && !away) { later(0); }
    }

    async function read(answer) {
        try { return await answer.json(); } catch (broken) {
            if (answer.ok || answer.status === 409) { throw broken; }
            return {};
        }
    }

    function take(first, answer, told) {
        age += 1;
        if (answer.status === 200) {
            queue.shift();
            mine[first.key] = first.value;
            if (isPerson(first.key)) { mine[schoolOf(first.key)] = told.stands[schoolOf(first.key)] || null; }
            absorb(told);
            saved = "Saved " + new Date().toTimeString().slice(0, 5);
        } else if (answer.status === 409) {
            let wanted = first.value;
            queue.forEach(function (each) { if (each.key === first.key) { wanted = each.value; } });
            queue = queue.filter(function (each) { return each.key !== first.key; });
            forget(first.key);
            conflicts[first.key] = wanted;
            delete mine[first.key];
            absorb(told);
        } else if (answer.status === 422) {
            queue = queue.filter(function (each) { return each.key !== first.key; });
            forget(first.key);
            said = told.problem || "This tap was not taken";
        } else {
            ended = answer.status === 404
                ? "This register is not there any more, or not yours: " + counted() + " kept on this phone."
                : "Your session has ended: " + counted() + " kept on this phone; sign in again and open this register.";
        }
    }

    function forget(key) {
        for (let turn = taken.length - 1; turn >= 0; turn -= 1) { if (taken[turn][0] === key) { taken.splice(turn, 1); } }
    }

    function here_again() {
        away = false;
        failures = 0;
    }

    // What stands on the server now: where it is not what this page set, the person is told and asked.
    function absorb(told) {
        const fresh = told.stands;
        new Set(Object.keys(fresh).concat(Object.keys(stands))).forEach(function (key) {
            const now = fresh[key] || null;
            if (now === standing(key) || isWaiting(key) || !fieldsetOf(key)) { return; }
            if (key in mine && mine[key] !== now && !(key in conflicts)) {
                conflicts[key] = mine[key];
                delete mine[key];
                forget(key);
            } else if (!(key in conflicts) && mine[key] !== now) {
                said = nameOf(key) + ": " + wordOf(key, now) + ", set by somebody else";
            }
        });
        stands = fresh;
        Object.keys(conflicts).forEach(function (key) {
            const theirs = standing(key);
            if (theirs === conflicts[key] && !(isPerson(key) && isWaiting(key))) { delete conflicts[key]; }
        });
        others = told.others ? "Somebody else is taking this register too" : told.own ? "You have this register open elsewhere too" : "";
    }

    function settle(key, own) {
        const wanted = conflicts[key];
        delete conflicts[key];
        if (own) {
            const before = shownAt(key);
            if (!put(key, wanted)) { taken.push([key, before, shownAt(schoolOf(key))]); }
        }
        changed();
        (fieldsetOf(key).querySelector("input:checked") || fieldsetOf(key).querySelector("input")).focus();
    }

    // ------------------------------------------------------------------------------------------------------- looking
    let turn = 0;
    async function look() {
        if (ended || document.hidden || Date.now() - used > TIRED) { return; }
        const then = age;
        try {
            turn += 1;
            if (turn % 3 === 1) { await ask("/here", { page: page }); }
            const answer = await ask("/state?page=" + page);
            if (answer.status === 200) {
                const told = await answer.json();
                const was_away = away;
                here_again();
                if (then === age) { absorb(told); keep(); }
                if (was_away && queue.length) { later(0); }
            } else if (answer.type === "opaqueredirect") {
                // To our sign-in page, or to that of a network: to a script, ours says that it is nobody.
                const sure = await ask("/here", { page: page });
                if (sure.status === 401) { take({}, sure, {}); } else { away = true; }
            } else if ([403, 404].includes(answer.status)) {
                take({}, answer, {});
            } else {
                away = true;
            }
        } catch (gone) {
            away = true;
        }
        draw();
    }

    // ------------------------------------------------------------------------------------------------------- drawing
    function counted() {
        const waiting = queue.length;
        return waiting === 1 ? "1 tap is" : (waiting || "no") + " taps are";
    }

    function sentence() {
        if (ended) { return ended; }
        const undecided = Object.keys(conflicts).length;
        if (away) {
            return queue.length ? "Not connected: " + counted() + " kept on this phone and will be sent"
                : "Not connected: what you tap is kept on this phone";
        }
        if (undecided) {
            return undecided === 1 ? nameOf(Object.keys(conflicts)[0]) + ": somebody else set another mark. Please decide"
                : "Somebody else set other marks at " + undecided + " places. Please decide";
        }
        const now = queue.length ? "Saving …" : said || saved;
        return [now, others].filter(Boolean).join(". ");
    }

    function draw() {
        const shown = meant();
        box.querySelectorAll('input[type="radio"]').forEach(function (each) {
            const wanted = shown[each.name] || "";
            if (each.checked !== (each.value === wanted)) { each.checked = each.value === wanted; }
        });
        box.querySelectorAll("[data-was]").forEach(function (each) { each.value = stands[each.dataset.was] || ""; });
        box.querySelectorAll("[data-only]").forEach(function (each) {
            each.hidden = (shown[each.closest("[data-school]").dataset.school] || null) !== each.dataset.only;
        });
        box.querySelectorAll("[data-unsent]").forEach(function (each) {
            const words = isWaiting(each.dataset.unsent) && (away || ended) ? "not sent yet" : "";
            if (each.textContent !== words) { each.textContent = words; }
        });
        box.querySelectorAll("[data-conflict]").forEach(drawConflict);
        box.querySelectorAll("[data-clear]").forEach(function (each) { each.disabled = !shown[each.dataset.clear]; });
        const count = Array.from(box.querySelectorAll("[data-school]")).filter(function (each) { return shown[each.dataset.school]; }).length;
        marked.textContent = String(count);
        undo.disabled = !taken.length;
        decide.hidden = !Object.keys(conflicts).length;
        const words = sentence();
        if (status.textContent !== words) { status.textContent = words; }
        status.classList.toggle("register-alarm", Boolean(ended || away || Object.keys(conflicts).length));
        const link = document.getElementById("register-sign-in");
        if (ended && !link) {
            const way = document.createElement("a");
            way.id = "register-sign-in";
            way.href = "/sign-in?next=" + encodeURIComponent(address);
            way.textContent = "Sign in";
            status.after(way);
        }
    }

    function drawConflict(place) {
        const key = place.dataset.conflict;
        if (!(key in conflicts)) {
            if (place.firstChild) { place.replaceChildren(); delete place.dataset.words; }
            return;
        }
        const school = schoolOf(key), wanted = conflicts[key];
        // A tick is also refused where somebody set its school to something that the tick would change.
        const at = isPerson(key) && !(key in stands) ? school : key;
        const theirs = wordOf(at, standing(at)), own = wordOf(key, wanted);
        const words = nameOf(at) + " was set to " + theirs + " by somebody else a moment ago; you had tapped " + own
            + (at !== key ? " for " + nameOf(key) : "") + ".";
        if (place.dataset.words === words) { return; }
        place.dataset.words = words;
        const text = document.createElement("p");
        text.textContent = words;
        place.replaceChildren(text, choice("Keep " + theirs, key, false), choice("Set " + own, key, true));
        place.closest("details")?.setAttribute("open", "");
    }

    function choice(words, key, own) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "plain";
        button.textContent = words;
        button.addEventListener("click", function () { settle(key, own); });
        return button;
    }

    // ------------------------------------------------------------------------------------------------------ beginning
    document.getElementById("register-save").hidden = true;
    undo.hidden = false;
    undo.addEventListener("click", takeBack);
    decide.addEventListener("click", function () { box.querySelector("[data-conflict] button").focus(); });
    box.querySelectorAll("[data-clear]").forEach(function (each) {
        each.hidden = false;
        each.addEventListener("click", function () { tap(each.dataset.clear, null); });
    });
    box.addEventListener("change", function (event) {
        if (event.target.type === "radio") { tap(event.target.name, event.target.value || null); }
    });
    document.getElementById("register-form").addEventListener("submit", function (event) { event.preventDefault(); });
    window.addEventListener("online", function () { failures = 0; later(0); look(); });
    window.addEventListener("offline", function () { away = true; draw(); });
    document.addEventListener("visibilitychange", function () { if (!document.hidden) { used = Date.now(); later(0); look(); } });
    ["pointerdown", "keydown"].forEach(function (kind) {
        document.addEventListener(kind, function () {
            const slept = Date.now() - used > TIRED;
            used = Date.now();
            if (slept) { look(); }
        });
    });
    window.addEventListener("beforeunload", function (event) {
        if (queue.length || Object.keys(conflicts).length) { event.preventDefault(); }
    });
    window.addEventListener("pagehide", function () {
        if (!ended && !away) { ask("/here", { page: page, leaves: true }, true).catch(function () { /* it is forgotten soon */ }); }
    });
    window.addEventListener("pageshow", function (event) { if (event.persisted) { turn = 0; look(); } });
    window.setInterval(look, POLL);
    remember();
    away = !window.navigator.onLine;
    draw();
    later(0);
    look();
})();
