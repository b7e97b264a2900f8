import ArgumentParser

/// What is wrong with a call in ways that the parser doesn't know, all of it told at once.
struct Complaints {
    private var list: [String] = []

    /// Adds a complaint unless the condition holds.
    mutating func require(_ condition: Bool, _ complaint: @autoclosure () -> String) {
        if !condition { list.append(complaint()) }
    }

    /// Throws all complaints as one error; nothing when there are none.
    func report() throws {
        if !list.isEmpty { throw ValidationError(list.joined(separator: "\n")) }
    }

    /// Collects complaints, and throws them.
    static func check(_ body: (inout Complaints) throws -> Void) throws {
        var complaints = Complaints()
        try body(&complaints)
        try complaints.report()
    }
}
