/** What a receiver tells us, taken out of compound RTCP packets. */
export type RtcpMessage =
  | {
      readonly type: 'receiver-report';
      readonly ssrc: number;
      /** 0-1 since the last report; retransmissions hide loss here, so it is a hint only. */
      readonly fractionLost: number;
      readonly cumulativeLost: number;
      readonly highestSequence: number;
      readonly jitter: number;
      /** Compact NTP of our last sender report they got, 0 for none. */
      readonly lastSenderReport: number;
      /** Since then, in 1/65536 s. */
      readonly delaySinceLastSenderReport: number;
    }
  | { readonly type: 'nack'; readonly ssrc: number; readonly sequences: readonly number[] }
  | { readonly type: 'pli'; readonly ssrc: number }
  | { readonly type: 'fir'; readonly ssrc: number }
  | { readonly type: 'remb'; readonly bitrate: number }
  | {
      readonly type: 'transport-feedback';
      readonly feedbackCount: number;
      /** In order of transport sequence number; `arrivedMs` is the receiver's clock, null for not received. */
      readonly packets: readonly { readonly sequence: number; readonly arrivedMs: number | null }[];
    };
