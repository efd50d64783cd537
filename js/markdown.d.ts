/**
 * The node that shows a Markdown text (CommonMark with GitHub's tables, strikethrough and task lists), for an element's
 * `renderer`. HTML in it is shown as text, images as their description, and only links by http, https and mailto are
 * links: nothing runs and nothing is fetched because of a text.
 */
export function markdown(text: string): DocumentFragment;
