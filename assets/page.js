// What happens in the browser alone: the choice of light or dark, the window's title, the search of the grid.
window.dash_clientside = Object.assign({}, window.dash_clientside, {
    page: {
        chooseDisplay: function (clicks, current) {
            let theme = null;
            try { theme = window.localStorage.getItem("theme"); } catch (refused) { /* private windows may refuse */ }
            theme = theme || (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
            if (clicks) {
                theme = current && current.theme === "dark" ? "light" : "dark";
                try { window.localStorage.setItem("theme", theme); } catch (refused) { /* then it lasts for this page */ }
            }
            document.documentElement.setAttribute("data-bs-theme", theme);
            return { theme: theme, narrow: window.matchMedia("(max-width: 760px)").matches };
        },
        nameWindow: function (title) {
            const before = document.title;
            document.title = title ? title + " – Schools Cluster Dashboard" : "Schools Cluster Dashboard";
            // After a move to another page the keyboard and the screen reader start at its content, not at nowhere.
            if (before.includes(" – ") && before !== document.title) {
                document.getElementById("page").focus({ preventScroll: true });
            }
            return window.dash_clientside.no_update;
        },
        searchGrid: function (words) {
            return { quickFilterText: words || "" };
        },
        // A mark of a chart may carry an address as the last of its own data. The same mark can be chosen again later.
        // Of a tile the graph passes on where it stands, but not its data.
        follow: function (clicked, figure) {
            const point = clicked && clicked.points && clicked.points[0];
            const all = point && figure.data[point.curveNumber].customdata;
            const own = point && (point.customdata || (all && all[point.y] && all[point.y][point.x]));
            const address = Array.isArray(own) ? own[own.length - 1] : null;
            if (typeof address === "string" && /^\/[^/\\]/.test(address)) {
                if (/^\/(register\/|cluster\/[^/]+\/(ledger\b|plan\/))/.test(address)) {  // a page that the server brings
                    window.location.assign(address);
                } else {
                    window.history.pushState({}, "", address);
                    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
                }
            }
            return null;
        }
    }
});

// A turned tablet or a magnified page gets the other layout without being loaded again.
window.matchMedia("screen and (max-width: 760px)").addEventListener("change", function (seen) {
    const theme = document.documentElement.getAttribute("data-bs-theme");
    window.dash_clientside.set_props("display", { data: { theme: theme, narrow: seen.matches } });
});

// The renderer says nothing when an answer fails or never comes, and the old figures would stand under a new address.
(function () {
    const ask = window.fetch;
    let note = null;
    function make(words, action, go) {
        note = document.createElement("div");
        note.className = "trouble";
        note.setAttribute("role", "alert");
        note.append(words + " ");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = action;
        button.addEventListener("click", go);
        note.append(button);
        document.body.append(note);
    }
    function say(status) {
        if (status === 401 || status === 400) {
            const here = window.location.pathname + window.location.search;
            make("Your session has ended. Nothing was lost or changed.", "Sign in again", function () {
                window.location.assign("/sign-in?next=" + encodeURIComponent(here));
            });
        } else if (status === 403) {
            make("There is nothing at this address, or it is not yours to see.", "Go to the first page", function () {
                window.location.assign("/");
            });
        } else {
            make("The dashboard did not answer. Nothing was lost or changed.", "Load the page again", function () {
                window.location.reload();
            });
        }
    }
    function tell(failed, status) {
        if (note) { note.remove(); note = null; }
        if (failed) { say(status); }
    }
    window.fetch = function (resource) {
        const answer = ask.apply(this, arguments);
        if (String(resource.url || resource).includes("/_dash-update-component")) {
            answer.then(function (come) { tell(!come.ok, come.status); }, function (why) { tell(why.name !== "AbortError", 0); });
        }
        return answer;
    };
})();

// A form on these pages carries the token of this session, as every form does.
document.addEventListener("submit", function (event) {
    const field = event.target.elements.namedItem("csrf_token");
    if (!field || field.value) { return; }
    const kept = document.cookie.split("; ").find(function (each) { return each.startsWith("_csrf_token="); });
    field.value = kept ? kept.slice("_csrf_token=".length) : "";
});
