import { Component, CUSTOM_ELEMENTS_SCHEMA, provideZonelessChangeDetection, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import "leaning/element";
import type { LeaningProgress } from "leaning/element";
import { markdown } from "leaning/markdown";
import { LEANING } from "./leaning";

@Component({
  selector: "app-root",
  imports: [LEANING],
  // Allows names with a hyphen. The directives say what Angular checks of them.
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <button id="toggle" (click)="shown.set(!shown())">Remove or put back</button>
    <button id="again" (click)="count.set(count() + 1)">Count</button> <output id="count">{{ count() }}</output>
    <p id="heard">{{ heard() }}</p>
    @if (shown()) {
      <leaning-quiz
        [deck]="deck"
        max-questions="4"
        [renderer]="renderer"
        (leaning-ready)="hear('ready', $event)"
        (leaning-answer)="hear('answer', $event)"
        (leaning-done)="hear('done', $event)"
      >
        <p>Loading …</p>
      </leaning-quiz>
    }
    <leaning-compare [deck]="deck"></leaning-compare>
    <leaning-profile [deck]="deck" theme="light"></leaning-profile>
  `,
})
class App {
  readonly deck = "/decks/assistant-style-en.json";
  readonly renderer = markdown;
  readonly shown = signal(true);
  readonly count = signal(0);
  readonly heard = signal("");

  hear(name: string, { detail }: CustomEvent<LeaningProgress>): void {
    this.heard.update((before) => `${before}${name} ${detail.asked}, `);
  }
}

bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] });
