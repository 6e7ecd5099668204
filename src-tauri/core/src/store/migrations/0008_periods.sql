-- What is reckoned of a week, a month or a year, beside what is told of it. Days keep none of this.
ALTER TABLE periods ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE periods ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE periods ADD COLUMN n_days INTEGER NOT NULL DEFAULT 0;              -- that have moments
ALTER TABLE periods ADD COLUMN minutes INTEGER NOT NULL DEFAULT 0;             -- known by the clock, none twice
ALTER TABLE periods ADD COLUMN approximate_minutes INTEGER NOT NULL DEFAULT 0; -- beside them, known about
ALTER TABLE periods ADD COLUMN hours TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(hours)); -- by type of moment
ALTER TABLE periods ADD COLUMN n_outcomes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE periods ADD COLUMN outcomes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(outcomes)); -- ids of moments
ALTER TABLE periods ADD COLUMN people TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(people));
ALTER TABLE periods ADD COLUMN topics TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(topics));
ALTER TABLE periods ADD COLUMN best_day TEXT CHECK (best_day IS NULL OR json_valid(best_day));
