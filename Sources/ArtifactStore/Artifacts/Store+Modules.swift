package import ContentAddress
import ELF
import GRDB
package import SBOM
import SystemIO

extension Store {
    /// The stored programs that say that they were built from a module of this name, with what each says, in the order
    /// of their digests.
    package func programs(withModule name: String) throws(StoreError) -> [(digest: Digest, module: ProgramModule)] {
        try index.read { try ModuleRows.programs(withModule: name, in: $0) }
    }

    /// The programs of no release in audited images that say that they were built from a Go module of this name, with what
    /// each says, in the order of their digests.
    ///
    /// Audits read no lists of crates of such programs. Reads what was recorded of each Go program with that text in it.
    package func auditedPrograms(
        withModule name: String
    ) throws(StoreError) -> [(digest: Digest, module: ProgramModule)] {
        try index.read { db in
            let sql = """
                SELECT digest, facts FROM audit_program JOIN audit_content ON audit_program.content = audit_content.id
                WHERE go_package IS NOT NULL AND digest NOT IN (SELECT digest FROM module_reading)
                    AND (:name = :library OR instr(facts, :name)) ORDER BY digest
                """
            let arguments: StatementArguments = ["name": name, "library": ProgramModule.standardLibrary]
            return try Row.fetchAll(db, sql: sql, arguments: arguments).flatMap {
                row -> [(digest: Digest, module: ProgramModule)] in
                let digest = try row.digest("digest")
                guard let recorded: RecordedProgram = try? JSONColumn.decode(row["facts"]) else { return [] }
                let modules = recorded.builds.flatMap { ProgramModule.all(in: $0) }.filter { $0.name == name }
                return Set(modules).sorted { $0.version ?? "" < $1.version ?? "" }.map {
                    (digest: digest, module: $0)
                }
            }
        }
    }

    /// The programs whose modules aren't in the index: those that a version before migration 20 put.
    package func programsWithUnreadModules() throws(StoreError) -> [Digest] {
        try index.read { try ModuleRows.unread(in: $0) }
    }

    /// Reads the modules of programs that a version before migration 20 put; gives how many.
    ///
    /// A program whose blob is missing or damaged is passed over.
    package func readModules() throws(StoreError) -> Int {
        guard isWritable else { throw .readOnly(path: paths.root) }
        var count = 0
        // A transaction for each: what is read stays read when this is broken off, and other writers come between.
        for digest in try programsWithUnreadModules() {
            guard try verify(digest) == nil, let file = try? openBlob(digest), let mapped = try? MappedFile(file) else {
                continue
            }
            let modules = ProgramContents(mapped.bytes).modules
            try index.write { db in
                guard try BlobRows.size(of: digest, in: db) != nil else { return }
                try ModuleRows.insert(modules, of: digest, in: db)
            }
            count += 1
        }
        return count
    }
}

/// What audits record of a program, as far as it tells of modules.
private struct RecordedProgram: Decodable {
    let facts: BinaryFacts?
    /// The slices of another system's program.
    let foreign: [ProgramIdentity]?

    var builds: [GoBuildInfo] {
        (facts?.elf.goBuildInfo).map { [$0] } ?? foreign?.compactMap(\.goBuildInfo) ?? []
    }
}
