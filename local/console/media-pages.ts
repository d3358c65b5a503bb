import type { Job } from "@aws-sdk/client-mediaconvert";
import type { Delivery } from "../events/delivery-store.ts";
import { html, type Markup, page, time } from "./html.ts";

const REFRESH_SECONDS = 3;
const JOB_CLASSES: Record<string, string> = { COMPLETE: "ok", ERROR: "bad", PROGRESSING: "busy", SUBMITTED: "busy" };
const DELIVERY_CLASSES: Record<Delivery["state"], string> = { delivered: "ok", failed: "bad", pending: "busy" };

function jobProgress(job: Job): Markup {
  if (job.Status !== "PROGRESSING")
    return html`<span class="${JOB_CLASSES[job.Status ?? ""] ?? "muted"}">${job.Status}</span>`;
  const percent = job.JobPercentComplete ?? 0;
  return html`<span class="busy">${job.CurrentPhase ?? "PROGRESSING"}</span>
    <progress max="100" value="${percent}">${percent} %</progress>`;
}

function jobRow(job: Job): Markup {
  const metadata = Object.entries(job.UserMetadata ?? {}).map(
    ([name, value]) => html`<div><code>${name}=${value}</code></div>`,
  );
  const error = job.ErrorCode !== undefined && html`<div class="bad">${job.ErrorCode}: ${job.ErrorMessage}</div>`;
  const warnings = (job.Messages?.Warning ?? []).map((warning) => html`<div class="muted">${warning}</div>`);
  return html`<tr>
    <td><code>${job.Id}</code></td>
    <td>${jobProgress(job)}${error}${warnings}</td>
    <td class="wide"><code>${job.Settings?.Inputs?.[0]?.FileInput}</code>${metadata}</td>
    <td>${time(job.Timing?.SubmitTime)}</td>
    <td>${time(job.Timing?.FinishTime)}</td>
  </tr>`;
}

/** The transcoding jobs, newest first. */
export function jobsPage(jobs: readonly Job[]): string {
  const table = html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Job</th>
          <th>State</th>
          <th>Input</th>
          <th>Submitted (UTC)</th>
          <th>Ended (UTC)</th>
        </tr>
      </thead>
      <tbody>
        ${jobs.map(jobRow)}
      </tbody>
    </table>
  </div>`;
  const running = jobs.some((job) => job.Status === "SUBMITTED" || job.Status === "PROGRESSING");
  const body = html`${jobs.length > 0 ? table : html`<p class="muted">No jobs yet. An uploaded video appears here when it is transcoded.</p>`}
    <p><a href="/jobs/api">JSON</a></p>`;
  return page({ title: "Media jobs", path: "/jobs", body, ...(running ? { refreshSeconds: REFRESH_SECONDS } : {}) });
}

function deliveryRow(delivery: Delivery): Markup {
  const { event } = delivery;
  const answer = delivery.lastError ?? (delivery.lastStatus === undefined ? "" : `HTTP ${delivery.lastStatus}`);
  const next = delivery.state === "pending" && html`<div class="muted">next ${time(delivery.nextAttemptAtMs)}</div>`;
  return html`<tr>
    <td>${time(delivery.createdAtMs)}</td>
    <td class="wide">
      ${event["detail-type"]}
      <div class="muted">
        ${String(event.detail["status"] ?? "")} <code>${String(event.detail["jobId"] ?? "")}</code>
      </div>
    </td>
    <td>${delivery.destination}</td>
    <td><span class="${DELIVERY_CLASSES[delivery.state]}">${delivery.state}</span>${next}</td>
    <td>${delivery.attempts}</td>
    <td class="wide">${answer}</td>
    <td>
      <details>
        <summary>event</summary>
        <pre>${JSON.stringify(event, null, 2)}</pre>
      </details>
    </td>
  </tr>`;
}

/** What the event bus delivered or still tries to deliver, newest first. */
export function eventsPage(deliveries: readonly Delivery[]): string {
  const head = html`<tr>
    <th>Accepted (UTC)</th>
    <th>Event</th>
    <th>Destination</th>
    <th>State</th>
    <th>Attempts</th>
    <th>Last answer</th>
    <th></th>
  </tr>`;
  const table = html`<div class="scroll">
    <table>
      <thead>
        ${head}
      </thead>
      <tbody>
        ${deliveries.map(deliveryRow)}
      </tbody>
    </table>
  </div>`;
  const waiting = deliveries.some((delivery) => delivery.state === "pending");
  const body = deliveries.length > 0 ? table : html`<p class="muted">No events yet.</p>`;
  return page({ title: "Events", path: "/events", body, ...(waiting ? { refreshSeconds: REFRESH_SECONDS } : {}) });
}
