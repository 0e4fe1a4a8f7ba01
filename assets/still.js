// Draws what stands still on a page (`dashboard/ui/still.py`) as plain elements, with the live components in their places.
window.dashboard = Object.assign({}, window.dashboard, {
    Still: function (props) {
        const React = window.React, live = React.Children.toArray(props.children);
        function drawn(part) {
            if (Array.isArray(part)) {
                const [tag, attributes, ...inside] = part;
                return React.createElement(tag || React.Fragment, attributes, ...inside.map(drawn));
            }
            return part !== null && typeof part === "object" ? live[part.live] : part;
        }
        return drawn(props.tree);
    }
});
