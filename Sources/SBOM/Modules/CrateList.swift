import Archive
import JSON

/// The crates that a Rust program was built from, as cargo-auditable writes them into it
/// (rust-secure-code/cargo-auditable, PARSING.md).
package enum CrateList {
    /// The section's name; in Mach-O it stands behind its segment's.
    package static let section = ".dep-v0"
    /// What cargo-auditable's own reader takes, in bytes.
    package static let largestSize = 8 << 20

    /// The crates in a section's bytes, in their order.
    ///
    /// Nil for what cargo-auditable doesn't write: two roots, a dependency on a crate that isn't there, a cycle.
    package static func read(_ section: UnsafeRawBufferPointer) -> [ProgramModule]? {
        guard section.count <= largestSize, let text = try? ZlibStream.decompress(section, limit: largestSize),
            let document = try? JSONDocument(text, limits: JSONDocument.Limits(size: largestSize)),
            let packages = document.value["packages"], packages.kind == .array
        else { return nil }
        var modules: [ProgramModule] = []
        var dependencies: [[Int]] = []
        var rootCount = 0
        for package in packages.elements {
            guard let name = package["name"]?.string, let version = package["version"]?.string else { return nil }
            var module = ProgramModule(.crates, name, version: version)
            module.isBuildOnly = package["kind"]?.string == "build"
            module.source = package["source"]?.string.flatMap { $0 == "crates.io" ? nil : $0 }
            modules.append(module)
            if package["root"]?.bool == true { rootCount += 1 }
            var needed: [Int] = []
            for position in package["dependencies"]?.elements ?? [] {
                guard let position = position.int64.flatMap({ Int(exactly: $0) }) else { return nil }
                needed.append(position)
            }
            dependencies.append(needed)
        }
        guard rootCount <= 1, dependencies.joined().allSatisfy(modules.indices.contains), !hasCycle(dependencies) else {
            return nil
        }
        return modules
    }

    // Takes away crates that need nothing any more, until none is left.
    private static func hasCycle(_ dependencies: [[Int]]) -> Bool {
        var rest = dependencies.map(\.count)
        var dependents = [[Int]](repeating: [], count: dependencies.count)
        for (position, needed) in dependencies.enumerated() {
            for other in needed { dependents[other].append(position) }
        }
        var free = rest.indices.filter { rest[$0] == 0 }
        var count = 0
        while let next = free.popLast() {
            count += 1
            for dependent in dependents[next] {
                rest[dependent] -= 1
                if rest[dependent] == 0 { free.append(dependent) }
            }
        }
        return count < dependencies.count
    }
}
