// Cells of the grid of clusters.
var components = window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
var element = window.React.createElement;

function follow(href) {
    return function (event) {
        if (event.metaKey || event.ctrlKey || event.shiftKey) { return; }
        event.preventDefault();
        window.history.pushState({}, "", href);
        window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
        window.scrollTo(0, 0);
    };
}

components.ClusterLink = function (cell) {
    return element("div", { className: "cell-stack" },
        element("a", { href: cell.data.href, onClick: follow(cell.data.href) }, cell.value),
        element("span", { className: "cell-about" }, cell.data.about));
};

// A figure leads to the rows behind it, which are a page of the server's; what is no figure leads nowhere.
var rowsOf = { rate: "attendance", spent: "money", plan: "plan" };
function toRows(cell, field) {
    var words = cell.data[field + "_words"];
    if (!/\d/.test(words)) { return element("span", null, words); }
    var href = cell.data.href.replace("?", "/rows/" + rowsOf[field] + "?") + (field === "spent" ? "&pot=lead_held" : "");
    return element("a", { href: href, className: "figure" }, words);
}

components.ShareBar = function (cell) {
    var known = cell.value !== null && cell.value !== undefined;
    var width = known ? Math.min(Math.max(cell.value, 0), 1) * 100 + "%" : "0";
    return element("div", { className: "cell-stack" },
        toRows(cell, cell.colDef.field),
        known ? element("span", { className: "bar", "aria-hidden": "true" },
            element("span", { className: "bar-done", ref: function (node) { if (node) { node.style.width = width; } } })) : null);
};

// A number to sort by, in words.
components.InWords = function (cell) {
    return element("span", null, cell.data[cell.colDef.field + "_words"]);
};

// On a phone a cluster is one card instead of a row of columns.
components.ClusterCard = function (cell) {
    function line(label, words) { return element("span", { key: label }, label + ": ", words); }
    return element("div", { className: "cell-stack cell-card" },
        components.ClusterLink(cell),
        line("Attendance", toRows(cell, "rate")),
        line("Spent", toRows(cell, "spent")),
        line("Plan", toRows(cell, "plan")),
        line("Overdue", cell.data.overdue_words),
        line("Last evidence", cell.data.evidence_words),
        element("a", { className: "card-flags", key: "flags", href: cell.data.href }, cell.data.flags),
        cell.data.watched === undefined ? null : element(components.Star, Object.assign({ key: "star" }, cell)));
};

// What a cluster's flags say leads to its page.
components.FlagLink = function (cell) {
    return element("a", { href: cell.data.href, className: "figure", onClick: follow(cell.data.href) }, cell.value);
};

// A form, as every change is: with the token of the session, and the way back. The star changes at once; where that
// fails the form is sent as it is, and the server says why.
components.Star = function (cell) {
    var watched = Boolean(cell.data.watched);
    function send(event) {
        var form = event.currentTarget;
        event.preventDefault();
        window.fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" })
            .then(function (answer) {
                if (answer.type !== "opaqueredirect") { form.submit(); return; }
                cell.data.watched = watched ? 0 : 1;
                cell.api.refreshCells({ rowNodes: [cell.node], force: true });
            }, function () { form.submit(); });
    }
    var slug = cell.data.href.replace(/^\/cluster\//, "").replace(/\?.*$/, "");
    var back = window.location.pathname + window.location.search;
    var token = document.cookie.split("; ").find(function (each) { return each.indexOf("_csrf_token=") === 0; });
    function hidden(name, value) { return element("input", { type: "hidden", name: name, value: value, key: name, readOnly: true }); }
    return element("form", { action: "/watch/" + slug, method: "POST", onSubmit: send, className: "star-form" },
        hidden("csrf_token", token ? token.slice("_csrf_token=".length) : ""),
        hidden("wanted", watched ? "0" : "1"), hidden("back", back),
        element("button", { type: "submit", className: "star", "aria-pressed": String(watched) },
            watched ? "★ Watched" : "☆ Watch", element("span", { className: "visually-hidden" }, ": " + cell.data.name)));
};

// A cell that holds the keyboard passes Enter on to the link or the button in it.
document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !event.target.classList || !event.target.classList.contains("ag-cell")) { return; }
    var inside = event.target.querySelector("a, button");
    if (inside) { event.preventDefault(); inside.click(); }
});
