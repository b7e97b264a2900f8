import ContentAddress
import GRDB
package import OCI

/// A name that a released file goes by: what it was put from, and what was released.
package struct ReleasedFileName: Sendable, Hashable {
    /// What was released.
    package let name: RepositoryName
    /// The name of the file it was put from.
    package let fileName: String
    /// Whether its bytes are an ELF file's.
    package let isProgram: Bool
}

extension Store {
    /// The names of all released files, each once.
    package func releasedFileNames() throws(StoreError) -> [ReleasedFileName] {
        try index.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT name, file_name, EXISTS (
                        SELECT 1 FROM artifact AS own JOIN elf ON elf.digest = own.digest
                        WHERE own.file_name = names.file_name AND own.name = names.name
                    ) AS program FROM (SELECT DISTINCT file_name, name FROM artifact) AS names ORDER BY name, file_name
                    """
            ).map { row in
                ReleasedFileName(
                    name: try RepositoryName(parsing: row["name"] as String),
                    fileName: row["file_name"],
                    isProgram: row["program"]
                )
            }
        }
    }
}
