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
            document.title = title ? title + " – Schools Cluster Dashboard" : "Schools Cluster Dashboard";
            return window.dash_clientside.no_update;
        },
        searchGrid: function (words) {
            return { quickFilterText: words || "" };
        }
    }
});
