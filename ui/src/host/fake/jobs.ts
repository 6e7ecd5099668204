/** The pretended journal's queue and schedules: nothing fails, and the night comes at three. */
import type { Commands, JobSettings, QueueView, ScheduleSettings, Schedules } from "$bindings";
import { HostError } from "../errors";
import type { Reply, Request } from "../types";

export const jobSettings: JobSettings = {
  queue_enabled: true,
  workers: 3,
  batch_size: 10,
  max_retries: 3,
  retry_delay_seconds: 30,
};

export const scheduleSettings: ScheduleSettings = {
  decay: "0 2 * * *",
  night: "",
  light: "0 */6 * * *",
  deep: "0 2 * * 0",
  sessions: "0 * * * *",
  idle_minutes: 30,
  threshold_items: 0,
  rest_hours: 6,
  deep_limit: 500,
  budget_minutes: 240,
  paused_until: null,
};

type Names =
  | "list_jobs"
  | "show_job"
  | "retry_job"
  | "discard_job"
  | "list_schedules"
  | "set_schedule"
  | "pause_schedules"
  | "resume_schedules"
  | "run_schedule"
  | "export_schedules"
  | "dream_for_question";
type Answers = { [N in Names & keyof Commands]: (request: Request<N>) => Reply<N> };

export function fakeJobs(): Answers {
  const queue: QueueView = {
    jobs: [
      {
        id: 41,
        kind: "record",
        key: "1204",
        priority: 0,
        state: "dead",
        n_attempts: 4,
        run_after: Date.UTC(2026, 9, 15, 6, 0),
        held_by: "",
        heartbeat_at: null,
        reason: "the part tags: the disk is full",
        created_at: Date.UTC(2026, 9, 15, 5, 55),
        updated_at: Date.UTC(2026, 9, 15, 6, 0),
        record_id: 1204,
        parts: [
          { name: "embedding", state: "done", reason: "" },
          { name: "tags", state: "failed", reason: "the disk is full" },
          { name: "edges", state: "done", reason: "" },
        ],
      },
    ],
    n_waiting: 0,
    n_running: 0,
    n_dead: 1,
    n_days: 1,
  };
  const one = (name: string, rule: string, next_at: number | null) => ({
    name,
    rule,
    next_at,
    last_slot: next_at === null ? null : "2026-10-15T03:00:00",
    queued_at: null,
    is_queued: false,
  });
  const schedules: Schedules = {
    schedules: [
      one("night", "0 3 * * *", Date.UTC(2026, 9, 16, 1, 0)),
      one("decay", "0 2 * * *", Date.UTC(2026, 9, 16, 0, 0)),
      one("light", "0 */6 * * *", Date.UTC(2026, 9, 15, 22, 0)),
      one("deep", "0 2 * * 0", Date.UTC(2026, 9, 18, 0, 0)),
      one("sessions", "0 * * * *", Date.UTC(2026, 9, 15, 19, 0)),
      one("idle", "after 30 idle minutes", null),
      one("threshold", "off", null),
    ],
    is_paused: false,
    paused_until: null,
    queue_enabled: true,
  };
  const jobOf = (id: number) => {
    const job = queue.jobs.find((job) => job.id === id);
    if (!job) throw new HostError("not-found", `there is no job ${id} in this journal`);
    return job;
  };
  return {
    list_jobs: () => queue,
    show_job: ({ id }) => jobOf(id),
    retry_job: ({ id }) => {
      Object.assign(jobOf(id), { state: "waiting", n_attempts: 0, reason: "" });
      Object.assign(queue, { n_waiting: queue.n_waiting + 1, n_dead: 0 });
      return queue;
    },
    discard_job: ({ id }) => {
      const job = jobOf(id);
      queue.jobs = queue.jobs.filter((other) => other !== job);
      queue.n_dead = queue.jobs.filter((other) => other.state === "dead").length;
      return job;
    },
    list_schedules: () => schedules,
    set_schedule: ({ name, rule }) => {
      const found = schedules.schedules.find((schedule) => schedule.name === name);
      if (!found) throw new HostError("invalid-input", `there is no schedule “${name}”`);
      found.rule = rule;
      return schedules;
    },
    pause_schedules: ({ until }) => {
      if (until === null) schedules.is_paused = true;
      else schedules.paused_until = until;
      return schedules;
    },
    resume_schedules: () => Object.assign(schedules, { is_paused: false, paused_until: null }),
    run_schedule: () => ({ has_run: true, n_dead: 0 }),
    export_schedules: () => [
      { name: "rem-journal-personal-night.timer", text: "[Timer]\nPersistent=true\n" },
    ],
    dream_for_question: ({ is_agreed }) => ({
      n_days: 1,
      minutes: 3,
      job_id: is_agreed ? 42 : null,
    }),
  };
}
