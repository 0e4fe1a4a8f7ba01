// The grid of a ledger: rows pasted into a cell spread over the cells, rows are added and taken out without a round trip,
// Enter and the arrows move between rows. Without this script every button sends the form and the server does the same.
(function () {
    const grid = document.getElementById("grid");
    if (!grid) { return; }
    const body = grid.tBodies[0];
    const most = Number(grid.dataset.most);
    const told = document.getElementById("grid-said");
    document.querySelectorAll(".with-script").forEach(function (hint) { hint.hidden = false; });

    const problem = document.getElementById("problem");
    if (problem) { problem.focus(); }

    function rows() { return Array.from(body.querySelectorAll(".paste-row")); }
    function inputs(row) { return Array.from(row.querySelectorAll("input")); }
    function say(words) { told.textContent = words; }

    // What was said of a cell is no longer true once it is changed, nor of a row that is new.
    function forget(input) {
        input.removeAttribute("aria-invalid");
        input.removeAttribute("aria-describedby");
        const cell = input.closest("td");
        cell.classList.remove("cell-wrong");
        cell.querySelectorAll("p").forEach(function (words) { words.remove(); });
    }

    function number() {
        rows().forEach(function (row, index) {
            row.querySelector(".row-number").textContent = String(index + 1);
            inputs(row).forEach(function (input) {
                const cell = input.closest("td");
                const told = [];
                input.id = input.name + "-" + index;
                input.setAttribute("aria-label", cell.dataset.head + ", row " + (index + 1));
                cell.querySelectorAll("p").forEach(function (words) {
                    words.id = (words.classList.contains("wrong") ? "wrong-" : "note-") + input.id;
                    told.push(words.id);
                });
                if (told.length) { input.setAttribute("aria-describedby", told.join(" ")); }
                else { input.removeAttribute("aria-describedby"); }
            });
            const out = row.querySelector("button");
            out.value = "remove-" + index;
            out.setAttribute("aria-label", "Take out row " + (index + 1));
            const rules = row.nextElementSibling;
            if (rules && rules.classList.contains("paste-rules")) {
                rules.cells[1].id = "rules-" + index;
                row.querySelector("[name=amount]").setAttribute("aria-describedby", rules.cells[1].id);
            }
        });
    }

    function add() {
        if (rows().length >= most) {
            say("The grid holds at most " + most + " rows.");
            return null;
        }
        const row = rows()[0].cloneNode(true);
        row.classList.remove("row-breaks");
        inputs(row).forEach(function (input) { input.value = ""; forget(input); });
        body.append(row);
        number();
        return row;
    }

    function takeOut(row) {
        const index = rows().indexOf(row);
        const rules = row.nextElementSibling;
        if (rules && rules.classList.contains("paste-rules")) { rules.remove(); }
        if (rows().length === 1) {
            inputs(row).forEach(function (input) { input.value = ""; forget(input); });
        } else {
            row.remove();
            number();
        }
        const left = rows();
        inputs(left[Math.min(index, left.length - 1)])[0].focus();
        say("Row " + (index + 1) + " is taken out.");
    }

    // A copied cell that holds a tab, a line break or a quote stands in quotes, its own quotes doubled.
    function cells(text) {
        const found = [];
        let row = [], cell = "", quoted = false;
        for (let at = 0; at < text.length; at += 1) {
            const sign = text[at];
            if (quoted) {
                if (sign === '"' && text[at + 1] === '"') { cell += '"'; at += 1; }
                else if (sign === '"') { quoted = false; }
                else { cell += sign; }
            } else if (sign === '"' && cell === "") { quoted = true; }
            else if (sign === "\t") { row.push(cell); cell = ""; }
            else if (sign === "\n") { row.push(cell); found.push(row); row = []; cell = ""; }
            else if (sign !== "\r") { cell += sign; }
        }
        if (cell !== "" || row.length) { row.push(cell); found.push(row); }
        return found.filter(function (each) { return each.some(function (one) { return one.trim(); }); });
    }

    grid.addEventListener("paste", function (event) {
        const text = event.clipboardData.getData("text/plain");
        if (!/[\t\n]/.test(text.replace(/\r?\n$/, ""))) { return; }
        event.preventDefault();
        const from = event.target.closest("tr");
        const column = inputs(from).indexOf(event.target);
        const first = rows().indexOf(from);
        const pasted = cells(text);
        let put = 0;
        pasted.every(function (line, index) {
            const row = rows()[first + index] || add();
            if (!row) { return false; }
            line.forEach(function (value, offset) {
                const input = inputs(row)[column + offset];
                if (input) {
                    input.value = value.replace(/\s+/g, " ").trim();
                    forget(input);
                }
            });
            put += 1;
            return true;
        });
        say(put + (put === 1 ? " row is" : " rows are") + " in the grid" + (put < pasted.length ? "; it holds no more than " + most : "") + ".");
    });

    grid.addEventListener("input", function (event) { forget(event.target); });

    grid.addEventListener("keydown", function (event) {
        const input = event.target;
        if (input.tagName !== "INPUT" || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) { return; }
        const way = event.key === "Enter" || event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
        // In a cell with a list the arrows choose from it.
        if (!way || (input.list && event.key !== "Enter")) { return; }
        event.preventDefault();
        const row = input.closest("tr");
        const index = rows().indexOf(row) + way;
        const next = rows()[index] || (event.key === "Enter" ? add() : null);
        if (next) { inputs(next)[inputs(row).indexOf(input)].focus(); }
    });

    grid.addEventListener("click", function (event) {
        const out = event.target.closest("button");
        if (!out) { return; }
        event.preventDefault();
        takeOut(out.closest("tr"));
    });

    document.getElementById("add-rows").addEventListener("click", function (event) {
        event.preventDefault();
        const row = add();
        if (row) { inputs(row)[0].focus(); }
    });
})();
