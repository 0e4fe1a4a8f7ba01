// The form of the overview moves to its address without loading everything again, and leaves out what is not chosen.
document.addEventListener("submit", function (event) {
    const form = event.target;
    if (!form.matches(".overview-filters") || form.method !== "get") { return; }
    event.preventDefault();
    const chosen = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
        if (String(value).trim()) { chosen.append(name, value); }
    });
    const query = chosen.toString();
    window.history.pushState({}, "", form.getAttribute("action") + (query ? "?" + query : ""));
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
});
