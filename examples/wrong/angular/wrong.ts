import { Component, CUSTOM_ELEMENTS_SCHEMA } from "@angular/core";
import { LEANING } from "../../angular/leaning";

@Component({
  selector: "app-wrong",
  imports: [LEANING],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<leaning-quiz deck="deck.json" [candidates-per-question]="5" (leaning-done)="hear($event.detail.chose)" />`,
})
export class Wrong {
  hear(_: unknown): void {}
}
