import Archive
import ContentAddress
import GRDB
import SBOM
import SystemIO

extension Store {
    /// Released files that say something of which nothing was read: what an earlier version stored without looking into it.
    ///
    /// `whole` are blobs whose bytes are known to be right.
    func unreadFiles(among whole: Set<Digest>) throws(StoreError) -> [UnreadFile] {
        try index.read { try ArtifactRows.unread(in: $0) }.filter { file in
            guard whole.contains(file.digest), let contents = read(file) else { return false }
            return contents.facts != nil || !contents.programs.isEmpty || contents.archive?.format != nil
        }
    }

    /// Looks into such files, and says into how many.
    ///
    /// Throws ``StoreError/readOnly(path:)``, and what the index fails at.
    package func readFiles(_ files: [UnreadFile]) throws(StoreError) -> Int {
        guard isWritable else { throw .readOnly(path: paths.root) }
        var count = 0
        for file in files {
            guard let contents = read(file) else { continue }
            let isThere = try index.write { db in
                guard try BlobRows.size(of: file.digest, in: db) != nil else { return false }
                if let facts = contents.facts { try BlobRows.insert(facts, of: file.digest, in: db) }
                try ForeignRows.insert(contents.programs, of: file.digest, in: db)
                if let modules = contents.modules { try ModuleRows.insert(modules, of: file.digest, in: db) }
                if let archive = contents.archive { try ArchiveRows.insert(archive, of: file.digest, in: db) }
                return true
            }
            if isThere { count += 1 }
        }
        return count
    }

    // Nil for a file that was removed meanwhile.
    private func read(
        _ file: UnreadFile
    ) -> (facts: BinaryFacts?, programs: [ProgramIdentity], modules: [ProgramModule]?, archive: ArchiveContents?)? {
        guard let blob = try? openBlob(file.digest) else { return nil }
        let reading = BinaryFacts.read(blob)
        let archive = reading.facts != nil ? nil : ArchiveContents.read(blob, name: file.name, budget: WorkBudget())
        return (reading.facts, reading.foreignIdentities, reading.modules, archive)
    }
}
