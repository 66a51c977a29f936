-- Whether the database has written all that a folder holds, or has come to know a folder of an earlier version afterwards: then
-- what it does not keep itself (the receipt) may have been changed before.
ALTER TABLE manifests ADD COLUMN vouched INTEGER NOT NULL DEFAULT 1;
