import Synchronization

/// How much each client may ask for: a user who has logged in, or else an address.
package final class ClientLimits: Sendable {
    /// Until when what a client took has come again, by the clock's milliseconds.
    private struct Debt {
        var requests: Double = 0
        var bytes: Double = 0
    }

    private let requests: Rate?
    private let bytes: Rate?
    private let now: @Sendable () -> Int64
    private let debts = Mutex<[String: Debt]>([:])

    /// Clients that are remembered at one time.
    private static let most = 100_000

    /// `now` is a clock that never goes back, in milliseconds.
    package init(requests: Rate?, bytes: Rate?, now: @escaping @Sendable () -> Int64) {
        (self.requests, self.bytes, self.now) = (requests, bytes, now)
    }

    /// Counts a request; the seconds after which the client may ask again, where it asked for too much.
    func admit(_ client: String) -> Int64? {
        let now = Double(now())
        return debts.withLock { debts in
            var debt = debts[client] ?? Debt()
            let waits = [
                Self.wait(debt.requests, now, requests, for: 1), Self.wait(debt.bytes, now, bytes, for: 0),
            ]
            if let wait = waits.compactMap(\.self).max() { return wait }
            Self.add(1, to: &debt.requests, now, requests)
            Self.makeRoom(&debts, now)
            debts[client] = debt
            return nil
        }
    }

    /// Counts bytes that a client sent or gets: what is on its way isn't held up, and the next request waits.
    func charge(_ client: String, _ count: Int64) {
        guard let bytes, count > 0 else { return }
        let now = Double(now())
        debts.withLock { debts in
            var debt = debts[client] ?? Debt()
            Self.add(count, to: &debt.bytes, now, bytes)
            debts[client] = debt
        }
    }

    private static func add(_ count: Int64, to debt: inout Double, _ now: Double, _ rate: Rate?) {
        guard let rate else { return }
        debt = max(debt, now) + Double(count) * Double(rate.milliseconds) / Double(rate.amount)
    }

    // The whole of a time's amount may be taken at once; the last piece of it may be larger than what is left.
    private static func wait(_ debt: Double, _ now: Double, _ rate: Rate?, for count: Int64) -> Int64? {
        guard let rate else { return nil }
        let time = Double(rate.milliseconds)
        let rest = debt + Double(count) * time / Double(rate.amount) - now - time
        // A sum of fractions may be a little more than the whole.
        let isOver = count > 0 ? rest > time / Double(rate.amount) / 2 : rest >= 0
        return isOver ? Int64(min(max(rest / 1000, 1), 1e9).rounded(.up)) : nil
    }

    private static func makeRoom(_ debts: inout [String: Debt], _ now: Double) {
        guard debts.count >= most else { return }
        debts = debts.filter { max($0.value.requests, $0.value.bytes) > now }
        // Those who owe least are let off.
        guard debts.count >= most else { return }
        let kept = debts.sorted { max($0.value.requests, $0.value.bytes) > max($1.value.requests, $1.value.bytes) }
        debts = Dictionary(kept.prefix(most / 2).map { ($0.key, $0.value) }) { first, _ in first }
    }
}
