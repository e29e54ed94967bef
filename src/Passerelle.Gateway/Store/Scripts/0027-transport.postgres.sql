-- How letters of an app leave: by SMTP as until now, or by Microsoft Graph where an admin says so.
ALTER TABLE app ADD COLUMN transport text NOT NULL DEFAULT 'smtp';   -- smtp, graph, smtp-then-graph
