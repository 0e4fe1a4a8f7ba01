// A chart as a picture, made by the browser alone: with its message, its measure and its day, on a white ground.
// And what the keyboard does on a chart.
(function () {
    const WIDTH = 1000, EDGE = 24;
    const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
    const INK = "#1b1f24", MUTED = "#565d66";
    const pen = document.createElement("canvas").getContext("2d");

    function widthOf(words, size, weight) {
        pen.font = weight + " " + size + "px " + FONT;
        return pen.measureText(words).width;
    }

    // What plotly would take for mark-up is shown, not obeyed.
    function plain(words) { return words.replace(/</g, "‹").replace(/>/g, "›"); }

    function inLines(words, size, weight, width) {
        const lines = [];
        let line = "";
        plain(words).split(/\s+/).forEach(function (word) {
            if (line && widthOf(line + " " + word, size, weight) > width) {
                lines.push(line);
                line = word;
            } else {
                line = line ? line + " " + word : word;
            }
        });
        return line ? lines.concat(line) : lines;
    }

    function copyOf(graph, repaint) {
        let told = JSON.stringify({ data: graph.data, layout: graph.layout });
        Object.keys(repaint).forEach(function (colour) {
            told = told.split('"' + colour + '"').join('"' + repaint[colour] + '"');
        });
        return JSON.parse(told);
    }

    // Words above the chart, placed by pixels from the top edge of the plot.
    function write(figure, text, left, up, size, weight, colour) {
        figure.layout.annotations.push({
            text: text, xref: "paper", yref: "paper", x: 0, y: 1, xanchor: "left", yanchor: "bottom", align: "left",
            xshift: left, yshift: up, showarrow: false,
            font: { family: FONT, size: size, weight: weight, color: colour }
        });
    }

    function keyOf(section, repaint) {
        return [...section.querySelectorAll(".key li")].map(function (item) {
            const shape = item.firstElementChild, own = shape ? shape.style.color : "";
            const hex = own.replace(/rgb\((\d+), (\d+), (\d+)\)/, function (_all, red, green, blue) {
                return "#" + [red, green, blue].map(function (part) {
                    return Number(part).toString(16).padStart(2, "0");
                }).join("");
            });
            return {
                shape: shape ? shape.textContent : "", colour: repaint[hex] || hex || INK,
                words: item.textContent.slice(shape ? shape.textContent.length : 0).trim()
            };
        });
    }

    function draw(box, form) {
        const told = box.dataset, section = box.closest("section");
        const graph = document.querySelector("#" + CSS.escape(told.chart) + " .js-plotly-plot");
        const repaint = JSON.parse(told.repaint);
        const figure = copyOf(graph, repaint), layout = figure.layout;
        const margin = Object.assign({ l: 4, r: 4, t: 8, b: 24 }, layout.margin);
        const height = graph.clientHeight, room = WIDTH - 2 * EDGE;
        layout.annotations = layout.annotations || [];
        const size = graph._fullLayout._size;  // where the plot lies within the chart as it is on the page
        const left = Math.max(margin.l, size.l) + EDGE, above = [];
        inLines(told.headline, 20, 650, room).forEach(function (line) { above.push([line, 20, 650, INK, 26]); });
        inLines(told.measure, 14, 400, room).forEach(function (line) { above.push([line, 14, 400, MUTED, 20]); });
        inLines(told.about, 14, 400, room).forEach(function (line) { above.push([line, 14, 400, MUTED, 20]); });
        let over = Math.max(margin.t, size.t) + 12;
        const key = keyOf(section, repaint), rows = [[]];
        let at = 0;
        key.forEach(function (item) {
            const wide = widthOf(item.shape + " " + item.words, 14, 400) + 24;
            if (at + wide > room && rows[rows.length - 1].length) { rows.push([]); at = 0; }
            rows[rows.length - 1].push([item, at]);
            at += wide;
        });
        if (key.length) {
            rows.reverse().forEach(function (row) {
                row.forEach(function (placed) {
                    const item = placed[0], begins = EDGE - left + placed[1];
                    write(figure, item.shape, begins, over, 14, 400, item.colour);
                    write(figure, plain(item.words), begins + widthOf(item.shape + " ", 14, 400) + 2, over, 14, 400, MUTED);
                });
                over += 20;
            });
            over += 8;
        }
        above.reverse().forEach(function (line) {
            write(figure, line[0], EDGE - left, over, line[1], line[2], line[3]);
            over += line[4];
        });
        layout.margin = {
            l: left, r: Math.max(margin.r, size.r) + EDGE, t: over + EDGE,
            b: Math.max(margin.b, size.b) + EDGE, pad: margin.pad || 0
        };
        // The margins stand: nothing grows into what is written above.
        Object.keys(layout).filter(function (name) { return /^[xy]axis/.test(name); }).forEach(function (name) {
            layout[name].automargin = false;
        });
        layout.paper_bgcolor = layout.plot_bgcolor = "#ffffff";
        layout.width = WIDTH;
        layout.height = height - size.t - size.b + layout.margin.t + layout.margin.b;
        layout.autosize = false;
        delete layout.template;
        return window.Plotly.toImage(figure, {
            format: form, width: layout.width, height: layout.height, scale: form === "png" ? 2 : 1
        });
    }

    document.addEventListener("click", function (event) {
        const button = event.target.closest("button[data-picture]");
        if (!button || !window.Plotly) { return; }
        const form = button.dataset.picture, box = button.closest("[data-chart]");
        button.disabled = true;
        draw(box, form).then(function (address) {
            const link = document.createElement("a");
            link.href = address;
            link.download = box.dataset.name + "." + form;
            document.body.append(link);
            link.click();
            link.remove();
        }).finally(function () {
            button.disabled = false;
            button.focus();
        });
    });

    // Enter on a chart opens the table that says the same, and goes there.
    document.addEventListener("keydown", function (event) {
        if (event.key !== "Enter" || !event.target.matches || !event.target.matches("figure.chart[tabindex]")) { return; }
        const section = event.target.closest("section");
        const summary = section && [...section.querySelectorAll("summary")].find(function (each) {
            return each.textContent === "Table";
        });
        if (summary) {
            event.preventDefault();  // else the same key would close it again
            summary.parentElement.open = true;
            summary.focus();
        }
    });
})();
