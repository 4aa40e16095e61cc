import type { QueryProblem } from '@guruconnect/shared';
import { type RefObject, useEffect, useRef } from 'react';

/** A wavy line under what is wrong: the same text behind the field, unseen. */
export function ProblemMark(props: {
  text: string;
  problem: QueryProblem | undefined;
  inputRef: RefObject<HTMLInputElement | null>;
}) {
  const { text, problem } = props;
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const input = props.inputRef.current;
    if (!input || !problem) return undefined;
    const follow = () => {
      if (layer.current) layer.current.scrollLeft = input.scrollLeft;
    };
    follow();
    input.addEventListener('scroll', follow);
    return () => input.removeEventListener('scroll', follow);
  }, [problem, props.inputRef]);
  const end = problem ? problem.at + problem.length : 0;
  return (
    <div
      ref={layer}
      aria-hidden="true"
      className="pointer-events-none absolute inset-x-0 top-0 h-10 overflow-hidden whitespace-pre rounded-lg border border-transparent bg-card pr-10 pl-9 text-base text-transparent leading-[2.4rem] sm:text-sm"
    >
      {problem && (
        <>
          {text.slice(0, problem.at)}
          <span className="underline decoration-danger decoration-wavy decoration-2 underline-offset-4">
            {text.slice(problem.at, end) || ' '}
          </span>
          {text.slice(end)}
        </>
      )}
    </div>
  );
}
