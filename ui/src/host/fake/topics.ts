/** Topics of the pretended journal: a handful that go together, and what the person says of them. */
import type { Commands, CommunityView, TopicCard, TopicDetail, TopicRef } from "$bindings";
import type { Reply, Request } from "../types";

type TopicCommand =
  | "list_topics"
  | "show_topic"
  | "list_communities"
  | "rename_topic"
  | "merge_topics"
  | "split_topic"
  | "hide_topic";

type Answers = { [N in TopicCommand & keyof Commands]: (request: Request<N>) => Reply<N> };

const TAGS = ["harmonium", "reeds", "bellows", "grant-letter", "lake"];

function firstTopic(tag: string, place: number): TopicCard {
  return {
    id: 100 + place,
    name: tag,
    tag,
    is_named: false,
    is_hidden: false,
    n_moments: 14 - 2 * place,
    first_day: "2026-08-02",
    last_day: `2026-10-${String(15 - place).padStart(2, "0")}`,
    importance: (14 - 2 * place) / (22 - 2 * place),
    valence: 0.3 - 0.1 * place,
    arousal: 0.4,
    degree: place < 3 ? 2 : 0,
    weight: place < 3 ? 0.8 : 0,
    community_id: place < 3 ? 1 : null,
    broader_id: null,
  };
}

function inShort(topic: TopicCard): TopicRef {
  return { id: topic.id, name: topic.name, n_moments: topic.n_moments };
}

export function fakeTopics(): Answers {
  const topics: TopicCard[] = TAGS.map(firstTopic);
  const find = (id: number): TopicCard => {
    const topic = topics.find((known) => known.id === id);
    if (!topic) throw { code: "not-found", message: `there is no topic ${id}` };
    return topic;
  };
  const together = () => topics.filter((topic) => topic.community_id === 1);
  const community = (): CommunityView => ({
    id: 1,
    level: 1,
    parent_id: null,
    name: together()
      .map((topic) => topic.name)
      .join(", "),
    is_by_model: false,
    is_provisional: false,
    n_topics: together().length,
    n_moments: 20,
    topics: together().map(inShort),
  });
  const detail = (id: number): TopicDetail => {
    const topic = find(id);
    const others = together().filter((other) => topic.community_id === 1 && other.id !== id);
    return {
      topic,
      tags: [{ tag: topic.tag, n_moments: topic.n_moments }],
      people: [{ name: "Ilse", n_moments: 3 }],
      broader: null,
      narrower: [],
      related: others.map((other) => ({
        topic: inShort(other),
        weight: 0.4,
        reason: "4 moments together",
      })),
      communities: topic.community_id === 1 ? [{ id: 1, name: community().name }] : [],
      months: [{ month: "2026-10", n_moments: topic.n_moments, valence: topic.valence, n_felt: 3 }],
      story: [{ day: topic.first_day, moment_id: 1, text: "The first reed holds." }],
      minutes: 45 * topic.n_moments,
      approximate_minutes: 0,
      hours: [],
      moments: [],
      next: null,
      last_outcome: null,
      is_waiting: false,
    };
  };
  return {
    list_topics: ({ query, community_id, with_hidden, limit }) => {
      const found = topics.filter(
        (topic) =>
          topic.name.includes(query) &&
          (community_id === null || topic.community_id === community_id) &&
          (with_hidden || !topic.is_hidden),
      );
      return { topics: found.slice(0, limit || 100), n_total: found.length };
    },
    show_topic: ({ id }) => detail(id),
    list_communities: () => [community()],
    rename_topic: ({ id, name }) => {
      const topic = find(id);
      topic.name = name ?? topic.tag;
      topic.is_named = name !== null;
      return detail(id);
    },
    merge_topics: ({ id, into }) => {
      const gone = find(id);
      find(into).n_moments += gone.n_moments;
      topics.splice(topics.indexOf(gone), 1);
      return detail(into);
    },
    split_topic: ({ tag }) => {
      throw { code: "invalid-input", message: `“${tag}” is the only tag of this topic` };
    },
    hide_topic: ({ id, hidden }) => {
      find(id).is_hidden = hidden;
      return detail(id);
    },
  };
}
