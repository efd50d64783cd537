import {
  ActionBarPrimitive,
  AssistantRuntimeProvider,
  BranchPickerPrimitive,
  ComposerPrimitive,
  ErrorPrimitive,
  MessagePrimitive,
  makeAssistantDataUI,
  type TextMessagePartProps,
  ThreadPrimitive,
  useLocalRuntime,
} from "@assistant-ui/react";
import "leaning/element";
import { markdown } from "leaning/markdown";
import { createRoot } from "react-dom/client";
import { adapters, type Reply } from "./model";

const compare = document.querySelector("leaning-compare")!;
compare.renderer = markdown;
const { model, feedback } = adapters(compare);

/** Draws the part `leaning` of a reply. */
const Why = makeAssistantDataUI<Reply>({
  name: "leaning",
  render: ({ data }) => <p className="why">{data.why}</p>,
});

function Text({ text }: TextMessagePartProps) {
  return <div className="reply" ref={(node) => node?.replaceChildren(markdown(text))} />;
}

const Empty = () => <p>…</p>;

function UserMessage() {
  return (
    <h2>
      <MessagePrimitive.Parts />
    </h2>
  );
}

function AssistantMessage() {
  return (
    <MessagePrimitive.Root>
      <MessagePrimitive.Parts components={{ Text, Empty }} />
      <MessagePrimitive.Error>
        <ErrorPrimitive.Root role="alert">
          <ErrorPrimitive.Message />
        </ErrorPrimitive.Root>
      </MessagePrimitive.Error>
      <ActionBarPrimitive.Root hideWhenRunning>
        <ActionBarPrimitive.FeedbackPositive aria-label="Good answer">👍</ActionBarPrimitive.FeedbackPositive>
        <ActionBarPrimitive.FeedbackNegative aria-label="Bad answer">👎</ActionBarPrimitive.FeedbackNegative>
        <ActionBarPrimitive.Reload className="another">Another answer</ActionBarPrimitive.Reload>
      </ActionBarPrimitive.Root>
      <BranchPickerPrimitive.Root hideWhenSingleBranch>
        <BranchPickerPrimitive.Previous aria-label="Previous answer">‹</BranchPickerPrimitive.Previous>
        <BranchPickerPrimitive.Number /> of <BranchPickerPrimitive.Count />
        <BranchPickerPrimitive.Next aria-label="Next answer">›</BranchPickerPrimitive.Next>
      </BranchPickerPrimitive.Root>
    </MessagePrimitive.Root>
  );
}

function Chat() {
  const runtime = useLocalRuntime(model, { adapters: { feedback } });
  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <Why />
      <ThreadPrimitive.Root>
        <ThreadPrimitive.Messages components={{ UserMessage, AssistantMessage }} />
        <ComposerPrimitive.Root>
          <ComposerPrimitive.Input aria-label="Message" />
          <ComposerPrimitive.Send>Send</ComposerPrimitive.Send>
        </ComposerPrimitive.Root>
      </ThreadPrimitive.Root>
    </AssistantRuntimeProvider>
  );
}

createRoot(document.getElementById("app")!).render(<Chat />);
