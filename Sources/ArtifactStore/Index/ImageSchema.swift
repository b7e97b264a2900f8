/// The tables of images and of the layers that were derived for them (docs/store-format.md).
enum ImageSchema {
    /// An image is an index or a manifest.
    ///
    /// `image_blob` has every blob that it reaches, itself included, which is what collection keeps. A derived layer
    /// may go when no image has it: it can be derived again.
    static let tables = """
        CREATE TABLE image (
            digest BLOB PRIMARY KEY NOT NULL REFERENCES blob (digest),
            media_type TEXT NOT NULL,
            added_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE image_blob (
            image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
            digest BLOB NOT NULL REFERENCES blob (digest),
            PRIMARY KEY (image, digest)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX image_blob_digest ON image_blob (digest);

        CREATE TABLE image_artifact (
            image BLOB NOT NULL REFERENCES image (digest) ON DELETE CASCADE,
            digest BLOB NOT NULL,
            PRIMARY KEY (image, digest)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX image_artifact_digest ON image_artifact (digest);

        CREATE TABLE image_tag (
            reference TEXT PRIMARY KEY NOT NULL,
            image BLOB NOT NULL REFERENCES image (digest),
            moved_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX image_tag_image ON image_tag (image);

        CREATE TABLE layer (
            recipe BLOB PRIMARY KEY NOT NULL CHECK (length(recipe) = 32),
            digest BLOB NOT NULL REFERENCES blob (digest),
            diff_id BLOB NOT NULL CHECK (length(diff_id) = 32)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX layer_digest ON layer (digest);
        """
}
