import Dockerfile

/// Writes instructions of a Dockerfile anew for a context: each platform takes its files from a directory of its own,
/// and a label says what an engine runs.
struct DockerfileEdit {
    private let dockerfile: Dockerfile
    private let bytes: [UInt8]
    private let lines: [Substring]

    init(_ dockerfile: Dockerfile, _ bytes: [UInt8]) {
        self.dockerfile = dockerfile
        self.bytes = bytes
        lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The file with `$TARGETPLATFORM/` before some sources, `ARG TARGETPLATFORM` where a stage lacks it, and an
    /// instruction at the end of a stage.
    ///
    /// All other lines stay as they are. Throws ``PlanProblem`` for an instruction with here-documents, and for one that
    /// would see a value by the new `ARG`.
    func dividing(
        _ places: Set<ContextReach.Place>,
        ending end: (stage: Int, text: String)? = nil
    ) throws(PlanProblem) -> [UInt8] {
        var edits: [(lines: ClosedRange<Int>, text: String)] = []
        guard !places.isEmpty || end != nil else { return bytes }
        // The stages in which the author's file gives the variable a value, and those in which only a new ARG does; so it
        // is in those that are based on them.
        var valued: Set<Int> = []
        var added: Set<Int> = []
        for (number, stage) in dockerfile.stages.enumerated() {
            var (isDeclared, isAdded) = (false, false)
            let name = stage.from.base.lowercased()
            if let base = dockerfile.stages[..<number].lastIndex(where: { $0.from.name == name }) {
                if valued.contains(base) { valued.insert(number) }
                if added.contains(base) { added.insert(number) }
            }
            for instruction in stage.instructions {
                if instruction.declares(Self.variable) {
                    isDeclared = true
                    valued.insert(number)
                }
                let positions = Set(places.filter { $0.line == instruction.lines.lowerBound }.map(\.position))
                if !valued.contains(number), added.contains(number) || !positions.isEmpty {
                    try check(instruction, positions)
                }
                guard !positions.isEmpty else { continue }
                let text = try rewritten(instruction, positions, isDeclared: isDeclared)
                edits.append((instruction.lines, isDeclared || isAdded ? text : "ARG \(Self.variable)\n" + text))
                (isAdded, _) = (true, added.insert(number))
            }
            guard let end, end.stage == number else { continue }
            let last = stage.instructions.last ?? stage.instruction
            if let edit = edits.last, edit.lines == last.lines {
                edits[edits.count - 1].text = edit.text + "\n" + end.text
            } else {
                edits.append((last.lines, text(closing: last) + "\n" + end.text))
            }
        }
        var result: [Substring] = []
        var next = 1
        for edit in edits {
            result += lines[(next - 1)..<(edit.lines.lowerBound - 1)]
            result.append(edit.text[...])
            next = edit.lines.upperBound + 1
        }
        if next <= lines.count { result += lines[(next - 1)...] }
        return Array(result.joined(separator: "\n").utf8)
    }

    /// An instruction as it stands, or on one line where its last one says that it goes on.
    private func text(closing instruction: Instruction) -> String {
        let range = instruction.lines.lowerBound - 1..<min(instruction.lines.upperBound, lines.count)
        let written = lines[range].filter { !$0.allSatisfy(\.isWhitespace) && $0.first { !$0.isWhitespace } != "#" }
        let last = written.last?.unicodeScalars.last { !$0.properties.isWhitespace }
        return last == dockerfile.escape ? instruction.source : lines[range].joined(separator: "\n")
    }

    /// The variable by which the platforms of a context are told apart.
    static let variable = "TARGETPLATFORM"

    // What is nothing in the author's file would be the platform, but for sources in which it is meant.
    private func check(_ instruction: Instruction, _ positions: Set<Int>) throws(PlanProblem) {
        var texts = [instruction.source]
        if !positions.isEmpty, let sources = instruction.operation.sources {
            texts = sources.paths.indices.filter { !positions.contains($0) }.map { sources.paths[$0] }
            texts.append(sources.destination)
        }
        guard texts.contains(where: { $0.contains(Self.variable) }) else { return }
        throw PlanProblem(
            lines: instruction.lines,
            instruction: instruction.keyword.rawValue,
            platforms: [],
            kind: .failed(
                "it uses \(Self.variable), which has a value only by the ARG that the context needs above: write ARG "
                    + "\(Self.variable) there, or give --split"
            )
        )
    }

    private func rewritten(
        _ instruction: Instruction,
        _ positions: Set<Int>,
        isDeclared: Bool
    ) throws(PlanProblem) -> String {
        let sources = instruction.operation.sources?.paths ?? []
        let paths = sources.enumerated().map { position, path in
            var path = path.drop { $0 == "/" }
            // Only the ARG was missing.
            let isMeant = ["$\(Self.variable)/", "${\(Self.variable)}/"].contains { path.hasPrefix($0) }
            if !isDeclared, isMeant { return String(path) }
            guard positions.contains(position) else { return sources[position] }
            // What stands before the pivot is not kept; an engine takes the first for it.
            while instruction.keepsParents, path.hasPrefix("./") { path = path.dropFirst(2).drop { $0 == "/" } }
            let pivot = instruction.keepsParents && !path.contains("/./") ? "./" : ""
            return "$\(Self.variable)/" + pivot + path
        }
        guard let text = instruction.text(withSources: paths, escape: dockerfile.escape) else {
            throw PlanProblem(
                lines: instruction.lines,
                instruction: instruction.keyword.rawValue,
                platforms: [],
                kind: .notRewritable(source: sources.first ?? "")
            )
        }
        return text
    }
}
