import { isBefore } from './events.ts';

/** An event as it is sent. */
export interface Frame {
  readonly position: string;
  readonly text: string;
}

/**
 * The last events that a room has sent, without a gap. Who joins while others are served lacks a few: with these nobody has to ask the
 * database for them, one after the other.
 */
export class Recent {
  readonly #most: number;
  #frames: Frame[] = [];
  /** What is behind this position, up to `#to`, is here. */
  #from: string | undefined;
  #to: string | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** What was read behind `from`, up to `to`. */
  add(from: string, frames: readonly Frame[], to: string): void {
    if (from !== this.#to) {
      this.#frames = [];
      this.#from = from;
    }
    this.#frames = [...this.#frames, ...frames];
    this.#to = to;
    const surplus = this.#frames.splice(0, Math.max(0, this.#frames.length - this.#most));
    this.#from = surplus.at(-1)?.position ?? this.#from;
  }

  /** The events behind a position, up to another one; undefined when some of them may be missing here. */
  between(position: string, until: string): readonly Frame[] | undefined {
    if (this.#from === undefined || this.#to !== until || isBefore(position, this.#from)) return undefined;
    return this.#frames.filter((frame) => isBefore(position, frame.position));
  }
}
