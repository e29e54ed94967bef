-- For PostgreSQL only: SQLite's index knows in which column a word stands.
SELECT 1;
