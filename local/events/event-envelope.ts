/** What a service hands to EventBridge; the bus adds account, region and the envelope. `id` makes a repeated hand-over recognisable. */
export interface ServiceEvent {
  id: string;
  time: string;
  source: string;
  detailType: string;
  resources: string[];
  detail: Record<string, unknown>;
}

/** The JSON EventBridge delivers (EventBridge user guide, "Event structure"). */
export interface EventEnvelope {
  version: "0";
  id: string;
  "detail-type": string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
}

/** Where services put their events. The promise settles when the event is safely stored, not when it is delivered. */
export interface EventSink {
  publish(event: ServiceEvent): Promise<void>;
}
