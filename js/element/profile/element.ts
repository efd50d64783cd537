// <leaning-profile>: the person's taste as a picture that they may correct.

import { LeaningElement } from "../base.js";
import type { CreateView } from "../view.js";

/**
 * The person's taste as a picture that they may correct, and the answers that it is based on.
 *
 * @tag leaning-profile
 * @csspart profile - The picture of the person's taste.
 * @csspart dimension - One dimension of the picture.
 * @csspart slider - The dot of a dimension, which the person may move.
 * @csspart answer-list - The answers, the latest first.
 * @csspart done - The heading of the result.
 * @csspart archetype - The archetype that the person is closest to, if the deck has any.
 * @csspart summary - The result in a sentence.
 * @csspart preview - A pick as an example, which changes while a dot is moved.
 * @csspart instructions - The button that shows the text to copy for an assistant. `display: none` leaves it out, as for any button.
 * @csspart share - The button that shares a picture of the result.
 * @csspart picture - A picture of a candidate or a prompt.
 */
export class LeaningProfile extends LeaningElement {
  /** @internal */
  protected override async loadView(): Promise<CreateView> {
    const { ProfileView } = await import("./view.js");
    return (body, context) => new ProfileView(body, context);
  }
}
