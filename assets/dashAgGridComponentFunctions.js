// Cells of the grid of clusters.
var components = window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
var element = window.React.createElement;

components.ClusterLink = function (cell) {
    function go(event) {
        if (event.metaKey || event.ctrlKey || event.shiftKey) { return; }
        event.preventDefault();
        window.history.pushState({}, "", cell.data.href);
        window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
        window.scrollTo(0, 0);
    }
    return element("div", { className: "cell-stack" },
        element("a", { href: cell.data.href, onClick: go }, cell.value),
        element("span", { className: "cell-about" }, cell.data.about));
};

components.ShareBar = function (cell) {
    var known = cell.value !== null && cell.value !== undefined;
    var width = known ? Math.min(Math.max(cell.value, 0), 1) * 100 + "%" : "0";
    return element("div", { className: "cell-stack" },
        element("span", null, cell.data[cell.colDef.field + "_words"]),
        known ? element("span", { className: "bar", "aria-hidden": "true" },
            element("span", { className: "bar-done", ref: function (node) { if (node) { node.style.width = width; } } })) : null);
};

// A number to sort by, in words.
components.InWords = function (cell) {
    return element("span", null, cell.data[cell.colDef.field + "_words"]);
};

// On a phone a cluster is one card instead of a row of columns.
components.ClusterCard = function (cell) {
    function line(label, words) { return element("span", { key: label }, label + ": " + words); }
    return element("div", { className: "cell-stack cell-card" },
        components.ClusterLink(cell),
        line("Attendance", cell.data.rate_words),
        line("Spent", cell.data.spent_words),
        line("Plan", cell.data.plan_words),
        line("Overdue", cell.data.overdue_words),
        line("Last evidence", cell.data.evidence_words),
        element("span", { className: "card-flags", key: "flags" }, cell.data.flags));
};
