import ContentAddress
import Dockerfile
import OCI
import Release

/// How one tree serves all platforms: the files under the names that the Dockerfile can reach.
///
/// Where a source is another file on each platform, `COPY tool`, the files stand in a directory for each platform, and
/// ``DockerfileEdit`` writes the instruction anew as `COPY $TARGETPLATFORM/tool`.
struct ContextLayout {
    /// The files by name.
    private(set) var files: [ContextFile] = []
    /// The sources that are another file on each platform.
    private(set) var divided: Set<ContextReach.Place> = []
    /// What can't be laid out.
    private(set) var problems: [PlanProblem] = []

    /// Lays out what the sources of the context lead to, or of the release under a name.
    init(_ reaches: [ContextReach], in context: String? = nil, others: [ContextFile]) {
        let reaches = reaches.filter { $0.context == context }
        divided = Self.divided(reaches)
        findFixedVariables(reaches)
        var lines: [String: Int] = [:]
        var byName: [String: ContextFile] = [:]
        // What no instruction names needs no place beside the context's own files.
        for file in others where file.reservedName(inRelease: context != nil) == nil { byName[file.name] = file }
        for reach in reaches {
            let isDivided = divided.contains(reach.place)
            for file in reach.match.files {
                let written = isDivided ? file.renamed("\(reach.platform)/\(file.name)") : file
                if let name = written.reservedName(inRelease: context != nil) { refuse(name, written, reach) }
                byName[written.name] = written
                lines[written.name] = lines[written.name] ?? reach.instruction.lines.lowerBound
            }
        }
        files = byName.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        findOverreaches(reaches, divided, lines)
    }

    /// Adds a release's layout, whose files stand in a directory for its name.
    mutating func add(_ other: ContextLayout, under name: String) {
        files += other.files.map { $0.renamed("\(ContextFile.contextsName)/\(name)/\($0.name)") }
        files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        divided.formUnion(other.divided)
        problems += other.problems
    }

    // Once for an instruction and a name, whatever the number of platforms.
    private mutating func refuse(_ name: String, _ file: ContextFile, _ reach: ContextReach) {
        let problem = PlanProblem(
            lines: reach.instruction.lines,
            instruction: reach.instruction.keyword.rawValue,
            platforms: [],
            kind: .reservedName(name, of: "\(file.key)")
        )
        if !problems.contains(problem) { problems.append(problem) }
    }

    // The sources with a name that isn't the same file on all platforms: a plain path, or one by a --naming that doesn't
    // tell the platforms apart.
    private static func divided(_ reaches: [ContextReach]) -> Set<ContextReach.Place> {
        var digests: [String: Digest] = [:]
        var differing: Set<String> = []
        for file in reaches.flatMap(\.match.files) {
            if digests.updateValue(file.digest, forKey: file.name).map({ $0 != file.digest }) ?? false {
                differing.insert(file.name)
            }
        }
        let divided = reaches.filter { $0.match.files.contains { differing.contains($0.name) } }
        return Set(divided.map(\.place))
    }

    // An engine that has another value there takes another platform's files.
    private mutating func findFixedVariables(_ reaches: [ContextReach]) {
        for reach in reaches where divided.contains(reach.place) && reach.variable != "\(reach.platform)" {
            let problem = PlanProblem(
                lines: reach.instruction.lines,
                instruction: reach.instruction.keyword.rawValue,
                platforms: [],
                kind: .notDivisible(source: reach.source, variable: reach.variable ?? "")
            )
            if !problems.contains(problem) { problems.append(problem) }
        }
    }

    // In the one tree that engines see, a directory or pattern must take what it takes in the build for one platform.
    private mutating func findOverreaches(
        _ reaches: [ContextReach],
        _ divided: Set<ContextReach.Place>,
        _ lines: [String: Int]
    ) {
        var seen: Set<ContextReach.Place> = []
        for reach in reaches where reach.match.isSelection && !divided.contains(reach.place) {
            guard seen.insert(reach.place).inserted, case .path(let path) = SourceKind(reach.source) else { continue }
            let own = Set(reaches.filter { $0.place == reach.place }.flatMap { $0.match.files.map(\.name) })
            let keepsParents = reach.instruction.keepsParents
            let other = files.first { file in
                !own.contains(file.name) && Self.selects(path, file.name, keepsParents: keepsParents)
            }
            guard let other else { continue }
            problems.append(
                PlanProblem(
                    lines: reach.instruction.lines,
                    instruction: reach.instruction.keyword.rawValue,
                    platforms: [],
                    kind: .reachesOther(source: reach.source, name: other.name, line: lines[other.name] ?? 1)
                )
            )
        }
    }
}

extension ContextLayout {
    /// Whether a source that is a directory or a pattern takes a file.
    private static func selects(_ source: String, _ name: String, keepsParents: Bool) -> Bool {
        guard CopyPattern.isPattern(source) else { return source.isEmpty || name.hasPrefix(source + "/") }
        return SourcePattern(source, keepsParents: keepsParents)?.matchesParent(of: name) ?? false
    }
}

extension Instruction {
    /// Whether it is a `COPY --parents`.
    var keepsParents: Bool { if case .copy(let copy) = operation { copy.keepsParents } else { false } }
}

extension ContextFile {
    /// The same file under another name.
    fileprivate func renamed(_ name: String) -> ContextFile {
        ContextFile(name: name, digest: digest, size: size, mode: mode, key: key)
    }
}
