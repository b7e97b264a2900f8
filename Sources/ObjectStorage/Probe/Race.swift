import Dispatch
import SystemIO

/// The same done by several threads at one moment.
///
/// ``Parallel`` has as many threads as there are processors, and so shows no race between eight requests.
enum Race {
    /// What each of so many bodies, which all begin together, gives; in their order.
    static func run<Value: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Value) -> [Value] {
        let ready = SharedValue(0)
        let results = SharedValue<[Int: Value]>([:])
        for number in 0..<count {
            // A serial queue has a thread of its own as long as it is busy.
            DispatchQueue(label: "bindery.race").async {
                ready.update { $0 += 1 }
                ready.wait { $0 == count ? () : nil }
                let value = body(number)
                results.update { $0[number] = value }
            }
        }
        return results.wait { results in
            results.count == count ? results.sorted { $0.key < $1.key }.map(\.value) : nil
        }
    }
}
