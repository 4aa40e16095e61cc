/** A button of a panel; `primary` is the one that Enter presses, `danger` ends something. */
export interface PanelButton {
  readonly id: string;
  readonly label: string;
  readonly look: 'primary' | 'plain' | 'danger';
}

/** What one of the agent's own windows says. */
export interface Panel {
  /** `question` is a window in the middle of the screen, `banner` a strip at its upper edge above all others. */
  readonly kind: 'question' | 'banner';
  readonly title: string;
  readonly lines: readonly string[];
  readonly buttons: readonly PanelButton[];
}

/** A window of the agent's own on the desktop that it shares. */
export interface PanelWindow {
  /** Shows a panel in place of the one before; undefined shows none. */
  show(panel: Panel | undefined): void;
  close(): void;
}

export interface PanelListener {
  /** A button was pressed by the person at the machine. */
  onPressed(buttonId: string): void;
  /** Windows cannot be shown here: no display, or its libraries are missing. Told once. */
  onUnavailable(reason: string): void;
}

export type OpenPanelWindow = (listener: PanelListener) => PanelWindow;

/** Parent to window process. */
export type WindowCommand = { readonly type: 'show'; readonly panel: Panel | null };

/** Window process to parent. */
export type WindowEvent = { readonly type: 'pressed'; readonly buttonId: string };
