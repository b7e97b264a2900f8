extension Instruction {
    /// Parses a trigger of a base image (`OnBuild` of its config), an instruction of the stage that starts from it.
    ///
    /// As BuildKit does, it is read as a Dockerfile of its own: with a backslash as the escape character unless a directive
    /// says otherwise. It has the lines of `from`, the stage's `FROM`. Throws for what isn't one instruction, and for one
    /// that can't be a trigger.
    package init(trigger text: String, of from: Instruction) throws(DockerfileError.Problem) {
        let parsed: Instruction
        do throws(DockerfileError) {
            var lines = SourceLines(Array(text.utf8))
            var directives = DirectiveScanner()
            var escape: Unicode.Scalar = "\\"
            guard let line = try lines.nextLogicalLine(&directives, escape: &escape) else {
                throw from.error(.argumentCount(expected: "a trigger is an instruction, and this one is empty"))
            }
            parsed = try InstructionParser(escape: escape).parse(line, &lines)
            guard try lines.nextLogicalLine(&directives, escape: &escape) == nil else {
                throw from.error(.argumentCount(expected: "a trigger is one instruction, and these are several"))
            }
        } catch {
            throw error.problem
        }
        guard Self.canTrigger(parsed.keyword) else { throw .invalidTrigger(parsed.keyword.rawValue) }
        self.init(
            lines: from.lines,
            keyword: parsed.keyword,
            source: parsed.source,
            flags: parsed.flags,
            operation: parsed.operation
        )
    }

    /// Whether `ONBUILD` may hold an instruction of a kind.
    static func canTrigger(_ keyword: Keyword) -> Bool { ![.onbuild, .maintainer, .from].contains(keyword) }
}
