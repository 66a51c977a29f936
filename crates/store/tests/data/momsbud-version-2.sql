-- What `sqlite3 momsbud.db .dump` says of a database as version 2 left it: filings of the practice world, the
-- documents cut to their beginnings, preference, integration and secret made up.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE filings (
    number          INTEGER PRIMARY KEY,            -- in the order they were begun
    id              TEXT NOT NULL UNIQUE,
    environment     TEXT NOT NULL,                  -- practice, test, production: one history each
    org_number      TEXT NOT NULL,
    company_name    TEXT,
    category        TEXT NOT NULL,                  -- meldingskategori
    period_element  TEXT NOT NULL,                  -- e.g. skattleggingsperiodeToMaaneder
    period_value    TEXT NOT NULL,                  -- e.g. mars-april
    period_year     INTEGER NOT NULL,
    assessed_vat    TEXT NOT NULL,
    sha256          TEXT NOT NULL,                  -- of the return as sent
    file_name       TEXT NOT NULL,
    authorization   TEXT NOT NULL,
    filed_by        TEXT NOT NULL,
    correction      INTEGER NOT NULL CHECK (correction IN (0, 1)),
    state           TEXT NOT NULL,
    step            TEXT NOT NULL,                  -- the next step
    delivered       TEXT NOT NULL CHECK (delivered IN ('no', 'yes', 'unknown')),
    instance        TEXT,                           -- {partyId}/{instanceGuid}
    problem         TEXT,                           -- JSON
    begun_at        TEXT NOT NULL,
    delivered_at    TEXT,
    payment_amount  TEXT,
    payment_kid     TEXT,
    payment_account TEXT,
    payment_due     TEXT,
    archive_folder  TEXT,                           -- relative to the archive
    files           TEXT NOT NULL DEFAULT '[]',     -- JSON
    search          TEXT NOT NULL                   -- lower case: company, number, KID, amounts
) STRICT;
INSERT INTO filings VALUES(1,'7dac7970-9ab5-40f7-9b7f-1f49fcdcab87','practice','311797816','Fjordlys Interiør AS','alminnelig','skattleggingsperiodeToMaaneder','september-oktober',2026,'79857','acbc12f7879e60da191c3584640499ffc912eb10da98e581a12ea8401dab0e2f','fjordlys.xml','2a899bf2aa3f6dfc611681e430e924e7','Ingrid Solvang',0,'received','archive','yes','51400101/9576a5d7-8757-4275-bd84-308a11cfe56e',NULL,'2026-11-21T14:06:01.844300544Z','2026-11-21T14:06:02.09307747Z','79857','3117978162026059','12345678903','2026-12-10','Øving/Fjordlys Interiør AS 311797816/2026 september–oktober/1 (2026-11-21)','[{"name":"mva-melding.xml","size":2366},{"name":"instans.json","size":8360},{"name":"konvolutt.xml","size":1041},{"name":"valideringsresultat.xml","size":221},{"name":"betalingsinformasjon.xml","size":845},{"name":"kvittering.pdf","size":10245},{"name":"tidslinje.txt","size":881},{"name":"manifest.json","size":1451}]','311797816 fjordlys interiør as 79857 3117978162026059 79857');
INSERT INTO filings VALUES(2,'e1a3e09b-2c59-4894-bb09-79642fd99add','practice','315203856','Vika Tolketjenester AS','alminnelig','skattleggingsperiodeToMaaneder','september-oktober',2026,'-24640','d19bde547e5c420cc892b8b51bff3d179d4d7c23107a29211c127ab2e7af931c','vika.xml','2a899bf2aa3f6dfc611681e430e924e7','Ingrid Solvang',0,'received','archive','yes','51400108/7a09c2dd-c247-4669-b916-7a744601282c',NULL,'2026-11-21T14:06:01.869535187Z','2026-11-21T14:06:02.158190997Z','0','3152038562026054','12345678903','2026-12-10','Øving/Vika Tolketjenester AS 315203856/2026 september–oktober/1 (2026-11-21)','[{"name":"mva-melding.xml","size":1983},{"name":"instans.json","size":8360},{"name":"konvolutt.xml","size":1041},{"name":"valideringsresultat.xml","size":221},{"name":"betalingsinformasjon.xml","size":841},{"name":"kvittering.pdf","size":8466},{"name":"tidslinje.txt","size":875},{"name":"manifest.json","size":1453}]','315203856 vika tolketjenester as -24640 3152038562026054 0');
INSERT INTO filings VALUES(3,'80015fe2-c69c-49cb-81c8-f6965d6b0fca','practice','311797816','Fjordlys Interiør AS','alminnelig','skattleggingsperiodeToMaaneder','september-oktober',2026,'79857','acbc12f7879e60da191c3584640499ffc912eb10da98e581a12ea8401dab0e2f','fjordlys.xml','2a899bf2aa3f6dfc611681e430e924e7','Ingrid Solvang',1,'received','archive','yes','51400101/ed7a858f-41fa-4046-a0a3-2fbef4527bf2',NULL,'2026-11-21T14:06:06.826508468Z','2026-11-21T14:06:06.880703101Z','79857','3117978162026059','12345678903','2026-12-10','Øving/Fjordlys Interiør AS 311797816/2026 september–oktober/2 (2026-11-21)','[{"name":"mva-melding.xml","size":2366},{"name":"instans.json","size":8360},{"name":"konvolutt.xml","size":1041},{"name":"valideringsresultat.xml","size":221},{"name":"betalingsinformasjon.xml","size":845},{"name":"kvittering.pdf","size":10245},{"name":"tidslinje.txt","size":903},{"name":"manifest.json","size":1451}]','311797816 fjordlys interiør as 79857 3117978162026059 79857');
INSERT INTO filings VALUES(4,'83f6a33d-9365-498d-ba93-e1f3640ef2ee','practice','315203856','Vika Tolketjenester AS','alminnelig','skattleggingsperiodeToMaaneder','september-oktober',2026,'-24640','d19bde547e5c420cc892b8b51bff3d179d4d7c23107a29211c127ab2e7af931c','vika.xml','758803ccc0490b672cefe060707eacde','Jonas Eide',1,'waitingSignature','confirm','no','51400108/0163d061-7736-4aee-82b1-75c57a5213f8','{"code":"mayNotSign","message":"The authority refuses (403): User is not authorized to perform process next. Task ID:Task_2\nUnauthorized.","details":["User is not authorized to perform process next. Task ID:Task_2\nUnauthorized"],"values":{"company":"Vika Tolketjenester AS","orgNumber":"315203856","right":"Begrenset signeringsrett"},"delivered":"no"}','2026-11-21T14:06:31.958619212Z',NULL,NULL,NULL,NULL,NULL,NULL,'[]','315203856 vika tolketjenester as -24640');
INSERT INTO filings VALUES(5,'f0c22e25-4b4f-47b3-8e20-abcd4b8921d1','practice','311797816','Fjordlys Interiør AS','alminnelig','skattleggingsperiodeToMaaneder','september-oktober',2026,'79857','acbc12f7879e60da191c3584640499ffc912eb10da98e581a12ea8401dab0e2f','fjordlys.xml','2a899bf2aa3f6dfc611681e430e924e7','Ingrid Solvang',1,'refused','archive','yes','51400101/3e404402-a6a5-42e4-986f-69138a7fd53d','{"code":"returnRefused","message":"Skatteetaten rejected the return after delivery.","details":["Mva-meldingen er avvist av Skatteetaten.","Mva-meldingen ble avvist ved mottak."],"values":{},"delivered":"yes"}','2026-11-21T14:06:32.713694278Z','2026-11-21T14:06:32.904656089Z','79857','3117978162026059','12345678903','2026-12-10','Øving/Fjordlys Interiør AS 311797816/2026 september–oktober/3 (2026-11-21)','[{"name":"mva-melding.xml","size":2366},{"name":"instans.json","size":7380},{"name":"konvolutt.xml","size":1041},{"name":"valideringsresultat.xml","size":601},{"name":"betalingsinformasjon.xml","size":845},{"name":"tidslinje.txt","size":895},{"name":"manifest.json","size":1316}]','311797816 fjordlys interiør as 79857 3117978162026059 79857');
CREATE TABLE journal (
    number  INTEGER PRIMARY KEY,
    filing  INTEGER NOT NULL REFERENCES filings (number) ON DELETE CASCADE,
    at      TEXT NOT NULL,
    step    TEXT NOT NULL,
    entry   TEXT NOT NULL CHECK (entry IN ('intention', 'done', 'refused', 'unknown', 'found')),
    note    TEXT
) STRICT;
INSERT INTO journal VALUES(1,1,'2026-11-21T14:06:01.860793628Z','instance','intention',NULL);
INSERT INTO journal VALUES(2,1,'2026-11-21T14:06:01.874833709Z','instance','done',NULL);
INSERT INTO journal VALUES(3,1,'2026-11-21T14:06:01.900479966Z','envelope','intention',NULL);
INSERT INTO journal VALUES(4,2,'2026-11-21T14:06:01.918533521Z','instance','intention',NULL);
INSERT INTO journal VALUES(5,1,'2026-11-21T14:06:01.922030198Z','envelope','done',NULL);
INSERT INTO journal VALUES(6,1,'2026-11-21T14:06:01.93311952Z','return','intention',NULL);
INSERT INTO journal VALUES(7,2,'2026-11-21T14:06:01.938673094Z','instance','done',NULL);
INSERT INTO journal VALUES(8,2,'2026-11-21T14:06:01.984610674Z','envelope','intention',NULL);
INSERT INTO journal VALUES(9,1,'2026-11-21T14:06:01.972763946Z','return','done',NULL);
INSERT INTO journal VALUES(10,1,'2026-11-21T14:06:02.020887599Z','fill','intention',NULL);
INSERT INTO journal VALUES(11,2,'2026-11-21T14:06:02.015976922Z','envelope','done',NULL);
INSERT INTO journal VALUES(12,2,'2026-11-21T14:06:02.0450536Z','return','intention',NULL);
INSERT INTO journal VALUES(13,1,'2026-11-21T14:06:02.053536346Z','fill','done',NULL);
INSERT INTO journal VALUES(14,1,'2026-11-21T14:06:02.060866311Z','confirm','intention',NULL);
INSERT INTO journal VALUES(15,2,'2026-11-21T14:06:02.061880513Z','return','done',NULL);
INSERT INTO journal VALUES(16,2,'2026-11-21T14:06:02.09867575Z','fill','intention',NULL);
INSERT INTO journal VALUES(17,1,'2026-11-21T14:06:02.093081566Z','confirm','done',NULL);
INSERT INTO journal VALUES(18,2,'2026-11-21T14:06:02.134840389Z','fill','done',NULL);
INSERT INTO journal VALUES(19,2,'2026-11-21T14:06:02.145047684Z','confirm','intention',NULL);
INSERT INTO journal VALUES(20,2,'2026-11-21T14:06:02.158192549Z','confirm','done',NULL);
INSERT INTO journal VALUES(21,1,'2026-11-21T14:06:06.204033825Z','feedback','done',NULL);
INSERT INTO journal VALUES(22,1,'2026-11-21T14:06:06.241565423Z','archive','intention',NULL);
INSERT INTO journal VALUES(23,2,'2026-11-21T14:06:06.251742043Z','feedback','done',NULL);
INSERT INTO journal VALUES(24,2,'2026-11-21T14:06:06.289911696Z','archive','intention',NULL);
INSERT INTO journal VALUES(25,1,'2026-11-21T14:06:06.352825305Z','archive','done',NULL);
INSERT INTO journal VALUES(26,2,'2026-11-21T14:06:06.362032549Z','archive','done',NULL);
INSERT INTO journal VALUES(27,3,'2026-11-21T14:06:06.833800296Z','instance','intention',NULL);
INSERT INTO journal VALUES(28,3,'2026-11-21T14:06:06.838608446Z','instance','done',NULL);
INSERT INTO journal VALUES(29,3,'2026-11-21T14:06:06.845172716Z','envelope','intention',NULL);
INSERT INTO journal VALUES(30,3,'2026-11-21T14:06:06.850950051Z','envelope','done',NULL);
INSERT INTO journal VALUES(31,3,'2026-11-21T14:06:06.853199522Z','return','intention',NULL);
INSERT INTO journal VALUES(32,3,'2026-11-21T14:06:06.859630866Z','return','done',NULL);
INSERT INTO journal VALUES(33,3,'2026-11-21T14:06:06.867060949Z','fill','intention',NULL);
INSERT INTO journal VALUES(34,3,'2026-11-21T14:06:06.875392577Z','fill','done',NULL);
INSERT INTO journal VALUES(35,3,'2026-11-21T14:06:06.876895813Z','confirm','intention',NULL);
INSERT INTO journal VALUES(36,3,'2026-11-21T14:06:06.880705264Z','confirm','done',NULL);
INSERT INTO journal VALUES(37,3,'2026-11-21T14:06:10.940142298Z','feedback','done',NULL);
INSERT INTO journal VALUES(38,3,'2026-11-21T14:06:10.956907885Z','archive','intention',NULL);
INSERT INTO journal VALUES(39,3,'2026-11-21T14:06:11.02050443Z','archive','done',NULL);
INSERT INTO journal VALUES(40,4,'2026-11-21T14:06:31.984825955Z','instance','intention',NULL);
INSERT INTO journal VALUES(41,4,'2026-11-21T14:06:31.990490814Z','instance','done',NULL);
INSERT INTO journal VALUES(42,4,'2026-11-21T14:06:32.004550283Z','envelope','intention',NULL);
INSERT INTO journal VALUES(43,4,'2026-11-21T14:06:32.018871436Z','envelope','done',NULL);
INSERT INTO journal VALUES(44,4,'2026-11-21T14:06:32.029189254Z','return','intention',NULL);
INSERT INTO journal VALUES(45,4,'2026-11-21T14:06:32.041200246Z','return','done',NULL);
INSERT INTO journal VALUES(46,4,'2026-11-21T14:06:32.059043048Z','fill','intention',NULL);
INSERT INTO journal VALUES(47,4,'2026-11-21T14:06:32.063696654Z','fill','done',NULL);
INSERT INTO journal VALUES(48,4,'2026-11-21T14:06:32.076970991Z','confirm','intention',NULL);
INSERT INTO journal VALUES(49,4,'2026-11-21T14:06:32.097158721Z','confirm','refused',replace('the authority refuses (403): User is not authorized to perform process next. Task ID:Task_2\nUnauthorized','\n',char(10)));
INSERT INTO journal VALUES(50,5,'2026-11-21T14:06:32.736787585Z','instance','intention',NULL);
INSERT INTO journal VALUES(51,5,'2026-11-21T14:06:32.755330865Z','instance','done',NULL);
INSERT INTO journal VALUES(52,5,'2026-11-21T14:06:32.781849684Z','envelope','intention',NULL);
INSERT INTO journal VALUES(53,5,'2026-11-21T14:06:32.802005311Z','envelope','done',NULL);
INSERT INTO journal VALUES(54,5,'2026-11-21T14:06:32.808308005Z','return','intention',NULL);
INSERT INTO journal VALUES(55,5,'2026-11-21T14:06:32.821857048Z','return','done',NULL);
INSERT INTO journal VALUES(56,5,'2026-11-21T14:06:32.853038523Z','fill','intention',NULL);
INSERT INTO journal VALUES(57,5,'2026-11-21T14:06:32.868874854Z','fill','done',NULL);
INSERT INTO journal VALUES(58,5,'2026-11-21T14:06:32.884958661Z','confirm','intention',NULL);
INSERT INTO journal VALUES(59,5,'2026-11-21T14:06:32.904657982Z','confirm','done',NULL);
INSERT INTO journal VALUES(60,5,'2026-11-21T14:06:36.955615935Z','feedback','done',NULL);
INSERT INTO journal VALUES(61,5,'2026-11-21T14:06:36.980222143Z','archive','intention',NULL);
INSERT INTO journal VALUES(62,5,'2026-11-21T14:06:37.052583367Z','archive','done',NULL);
CREATE TABLE timeline (
    number  INTEGER PRIMARY KEY,
    filing  INTEGER NOT NULL REFERENCES filings (number) ON DELETE CASCADE,
    at      TEXT NOT NULL,
    event   TEXT NOT NULL
) STRICT;
INSERT INTO timeline VALUES(1,1,'2026-11-21T14:06:01.816736417Z','read');
INSERT INTO timeline VALUES(2,1,'2026-11-21T14:06:01.843917076Z','checked');
INSERT INTO timeline VALUES(3,2,'2026-11-21T14:06:01.816736417Z','read');
INSERT INTO timeline VALUES(4,2,'2026-11-21T14:06:01.86882786Z','checked');
INSERT INTO timeline VALUES(5,1,'2026-11-21T14:06:01.874833709Z','created');
INSERT INTO timeline VALUES(6,2,'2026-11-21T14:06:01.938673094Z','created');
INSERT INTO timeline VALUES(7,1,'2026-11-21T14:06:01.972763946Z','uploaded');
INSERT INTO timeline VALUES(8,1,'2026-11-21T14:06:02.053536346Z','filled');
INSERT INTO timeline VALUES(9,2,'2026-11-21T14:06:02.061880513Z','uploaded');
INSERT INTO timeline VALUES(10,1,'2026-11-21T14:06:02.093081566Z','confirmed');
INSERT INTO timeline VALUES(11,2,'2026-11-21T14:06:02.134840389Z','filled');
INSERT INTO timeline VALUES(12,2,'2026-11-21T14:06:02.158192549Z','confirmed');
INSERT INTO timeline VALUES(13,1,'2026-11-21T14:06:06.204033825Z','received');
INSERT INTO timeline VALUES(14,2,'2026-11-21T14:06:06.251742043Z','received');
INSERT INTO timeline VALUES(15,1,'2026-11-21T14:06:06.352825305Z','fetched');
INSERT INTO timeline VALUES(16,2,'2026-11-21T14:06:06.362032549Z','fetched');
INSERT INTO timeline VALUES(17,3,'2026-11-21T14:06:06.821811212Z','read');
INSERT INTO timeline VALUES(18,3,'2026-11-21T14:06:06.826165139Z','checked');
INSERT INTO timeline VALUES(19,3,'2026-11-21T14:06:06.838608446Z','created');
INSERT INTO timeline VALUES(20,3,'2026-11-21T14:06:06.859630866Z','uploaded');
INSERT INTO timeline VALUES(21,3,'2026-11-21T14:06:06.875392577Z','filled');
INSERT INTO timeline VALUES(22,3,'2026-11-21T14:06:06.880705264Z','confirmed');
INSERT INTO timeline VALUES(23,3,'2026-11-21T14:06:10.940142298Z','received');
INSERT INTO timeline VALUES(24,3,'2026-11-21T14:06:11.02050443Z','fetched');
INSERT INTO timeline VALUES(25,4,'2026-11-21T14:06:31.939745303Z','read');
INSERT INTO timeline VALUES(26,4,'2026-11-21T14:06:31.958290376Z','checked');
INSERT INTO timeline VALUES(27,4,'2026-11-21T14:06:31.990490814Z','created');
INSERT INTO timeline VALUES(28,4,'2026-11-21T14:06:32.041200246Z','uploaded');
INSERT INTO timeline VALUES(29,4,'2026-11-21T14:06:32.063696654Z','filled');
INSERT INTO timeline VALUES(30,4,'2026-11-21T14:06:32.11542171Z','waited');
INSERT INTO timeline VALUES(31,4,'2026-11-21T14:06:32.505296312Z','waited');
INSERT INTO timeline VALUES(32,4,'2026-11-21T14:06:32.680272676Z','waited');
INSERT INTO timeline VALUES(33,4,'2026-11-21T14:06:32.689319653Z','waited');
INSERT INTO timeline VALUES(34,5,'2026-11-21T14:06:32.696775434Z','read');
INSERT INTO timeline VALUES(35,5,'2026-11-21T14:06:32.713233876Z','checked');
INSERT INTO timeline VALUES(36,5,'2026-11-21T14:06:32.755330865Z','created');
INSERT INTO timeline VALUES(37,5,'2026-11-21T14:06:32.821857048Z','uploaded');
INSERT INTO timeline VALUES(38,5,'2026-11-21T14:06:32.868874854Z','filled');
INSERT INTO timeline VALUES(39,5,'2026-11-21T14:06:32.904657982Z','confirmed');
INSERT INTO timeline VALUES(40,5,'2026-11-21T14:06:36.955615935Z','refused');
INSERT INTO timeline VALUES(41,5,'2026-11-21T14:06:37.052583367Z','fetched');
CREATE TABLE documents (
    filing  INTEGER NOT NULL REFERENCES filings (number) ON DELETE CASCADE,
    name    TEXT NOT NULL,
    bytes   BLOB NOT NULL,
    PRIMARY KEY (filing, name)
) STRICT;
INSERT INTO documents VALUES(1,'return',X'3c3f786d6c2076657273696f6e3d22312e302220656e636f64696e673d225554462d38223f3e0a3c6d76614d656c64696e6744746f20786d6c6e733d226e6f3a736b6174746565746174656e3a6661737473657474696e673a6176676966743a6d76613a736b617474656d656c64696e67666f726d657276');
INSERT INTO documents VALUES(2,'return',X'3c3f786d6c2076657273696f6e3d22312e302220656e636f64696e673d225554462d38223f3e0a3c6d76614d656c64696e6744746f20786d6c6e733d226e6f3a736b6174746565746174656e3a6661737473657474696e673a6176676966743a6d76613a736b617474656d656c64696e67666f726d657276');
INSERT INTO documents VALUES(1,'envelope',X'3c3f786d6c2076657273696f6e3d22312e302220656e636f64696e673d225554462d38223f3e0a3c6d76614d656c64696e67496e6e73656e64696e673e0a20203c6e6f72736b4964656e746966696b61746f723e0a202020203c6f7267616e697361736a6f6e736e756d6d65723e3331313739373831363c');
INSERT INTO documents VALUES(2,'envelope',X'3c3f786d6c2076657273696f6e3d22312e302220656e636f64696e673d225554462d38223f3e0a3c6d76614d656c64696e67496e6e73656e64696e673e0a20203c6e6f72736b4964656e746966696b61746f723e0a202020203c6f7267616e697361736a6f6e736e756d6d65723e3331353230333835363c');
INSERT INTO documents VALUES(3,'return',X'3c3f786d6c2076657273696f6e3d22312e302220656e636f64696e673d225554462d38223f3e0a3c6d76614d656c64696e6744746f20786d6c6e733d226e6f3a736b6174746565746174656e3a6661737473657474696e673a6176676966743a6d76613a736b617474656d656c64696e67666f726d657276');
INSERT INTO documents VALUES(3,'envelope',X'3c3f786d6c2076657273696f6e3d22312e302220656e636f64696e673d225554462d38223f3e0a3c6d76614d656c64696e67496e6e73656e64696e673e0a20203c6e6f72736b4964656e746966696b61746f723e0a202020203c6f7267616e697361736a6f6e736e756d6d65723e3331313739373831363c');
INSERT INTO documents VALUES(4,'return',X'3c3f786d6c2076657273696f6e3d22312e302220656e636f64696e673d225554462d38223f3e0a3c6d76614d656c64696e6744746f20786d6c6e733d226e6f3a736b6174746565746174656e3a6661737473657474696e673a6176676966743a6d76613a736b617474656d656c64696e67666f726d657276');
INSERT INTO documents VALUES(4,'envelope',X'3c3f786d6c2076657273696f6e3d22312e302220656e636f64696e673d225554462d38223f3e0a3c6d76614d656c64696e67496e6e73656e64696e673e0a20203c6e6f72736b4964656e746966696b61746f723e0a202020203c6f7267616e697361736a6f6e736e756d6d65723e3331353230333835363c');
INSERT INTO documents VALUES(5,'return',X'3c3f786d6c2076657273696f6e3d22312e302220656e636f64696e673d225554462d38223f3e0a3c6d76614d656c64696e6744746f20786d6c6e733d226e6f3a736b6174746565746174656e3a6661737473657474696e673a6176676966743a6d76613a736b617474656d656c64696e67666f726d657276');
INSERT INTO documents VALUES(5,'envelope',X'3c3f786d6c2076657273696f6e3d22312e302220656e636f64696e673d225554462d38223f3e0a3c6d76614d656c64696e67496e6e73656e64696e673e0a20203c6e6f72736b4964656e746966696b61746f723e0a202020203c6f7267616e697361736a6f6e736e756d6d65723e3331313739373831363c');
CREATE TABLE companies (
    environment TEXT NOT NULL,
    org_number  TEXT NOT NULL,
    name        TEXT NOT NULL,
    PRIMARY KEY (environment, org_number)
) STRICT;
INSERT INTO companies VALUES('practice','315203856','Vika Tolketjenester AS');
INSERT INTO companies VALUES('practice','311797816','Fjordlys Interiør AS');
CREATE TABLE preferences (
    name   TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT;
INSERT INTO preferences VALUES('window','{"language":"nn","theme":"dark","textSize":115,"introduced":true}');
CREATE TABLE integrations (
    environment TEXT NOT NULL,          -- practice, test, production
    id          TEXT NOT NULL,
    settings    TEXT NOT NULL,          -- JSON, without secrets
    PRIMARY KEY (environment, id)
) STRICT;
INSERT INTO integrations VALUES('test','standard','{"clientId":"made-up"}');
CREATE TABLE authorizations (
    id           TEXT PRIMARY KEY,      -- random; says nothing of the person
    environment  TEXT NOT NULL,
    integration  TEXT NOT NULL,
    person_salt  BLOB NOT NULL,
    person       BLOB NOT NULL,         -- SHA-256 of salt and pairwise sub
    name         TEXT,
    masked_id    TEXT,
    scopes       TEXT NOT NULL,         -- granted, separated by spaces
    granted_at   TEXT NOT NULL,         -- ISO 8601, UTC
    ends_at      TEXT NOT NULL,
    current      INTEGER NOT NULL DEFAULT 0 CHECK (current IN (0, 1))
) STRICT;
INSERT INTO authorizations VALUES('2a899bf2aa3f6dfc611681e430e924e7','practice','standard',X'2192182ca965eae0639604c530f9c9a7',X'1b9a23f8817d9596cc0edabb760513646a64e7274b5c37771debdcfd10844746','Ingrid Solvang','148384 •••••','openid profile skatteetaten:mvameldingvalidering altinn:instances.read altinn:instances.write','2026-11-21T14:06:32.627094699Z','2027-11-21T14:06:32.618695201Z',1);
INSERT INTO authorizations VALUES('758803ccc0490b672cefe060707eacde','practice','standard',X'd88e27747574d64710b9bd9a7de16ca4',X'e9c0d592158353774b8959512422d57b91f2a69e3722c7ad22b463aedd3e07a5','Jonas Eide','028991 •••••','openid profile skatteetaten:mvameldingvalidering altinn:instances.read altinn:instances.write','2026-11-21T14:06:31.877415384Z','2027-11-21T14:06:31.869683374Z',0);
CREATE TABLE secrets (
    purpose   TEXT NOT NULL,
    id        TEXT NOT NULL,
    sealed    BLOB NOT NULL,            -- version, nonce, XChaCha20-Poly1305 ciphertext
    stored_at TEXT NOT NULL,
    PRIMARY KEY (purpose, id)
) STRICT;
INSERT INTO secrets VALUES('tokens','2a899bf2aa3f6dfc611681e430e924e7',X'0102','2026-11-21T14:06:32Z');
CREATE UNIQUE INDEX one_undelivered_filing
    ON filings (environment, org_number, category, period_element, period_value, period_year)
    WHERE delivered <> 'yes' AND state NOT IN ('refused', 'abandoned');
CREATE INDEX filings_of_a_period
    ON filings (environment, org_number, category, period_year, period_element, period_value, number);
CREATE INDEX filings_by_state ON filings (environment, state, number);
CREATE INDEX filings_to_search ON filings (environment, number, state, search);
CREATE UNIQUE INDEX one_filing_an_instance ON filings (environment, instance) WHERE instance IS NOT NULL;
CREATE INDEX journal_of_a_filing ON journal (filing, number);
CREATE INDEX timeline_of_a_filing ON timeline (filing, number);
CREATE UNIQUE INDEX one_current_authorization ON authorizations (environment) WHERE current = 1;
COMMIT;
PRAGMA user_version = 2;
PRAGMA journal_mode = WAL;
