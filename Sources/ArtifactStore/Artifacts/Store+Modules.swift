package import ContentAddress
import GRDB
package import SBOM
import SystemIO

extension Store {
    /// The stored programs that say that they were built from a module of this name, with what each says, in the order
    /// of their digests.
    package func programs(withModule name: String) throws(StoreError) -> [(digest: Digest, module: ProgramModule)] {
        try index.read { try ModuleRows.programs(withModule: name, in: $0) }
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
