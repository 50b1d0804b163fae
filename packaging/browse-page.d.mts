/** Makes the page at `/`: one file of HTML with its script and its styles. */
export function renderBrowsePage(): Promise<string>;
