import CProcessStart

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension OperatingSystem {
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    #if canImport(Glibc)
    private typealias Handle = pthread_t
    #elseif canImport(Musl)
    private typealias Handle = pthread_t?
    #endif

    /// Starts a thread that nobody waits for; why it could not be started, or nil.
    static func startThread(_ run: @escaping @Sendable () -> Void) -> String? {
        let (number, handle) = start(run)
        guard number == 0 else { return message(number) }
        pthread_detach(handle)
        return nil
    }

    /// Whether so many threads can run beside those that do; why not, or nil.
    ///
    /// Some parts of this program can't be told that there is no thread, so it is tried before; they have all ended at
    /// return.
    static func refusal(ofThreads count: Int) -> String? {
        let gate = Semaphore()
        var handles: [Handle] = []
        defer {
            for _ in handles { gate.post() }
            for handle in handles { pthread_join(handle, nil) }
        }
        while handles.count < count {
            let (number, handle) = start { gate.wait() }
            guard number == 0 else { return message(number) }
            handles.append(handle)
        }
        return nil
    }

    private static func start(_ run: @escaping @Sendable () -> Void) -> (number: CInt, handle: Handle) {
        #if canImport(Glibc)
        var handle = pthread_t()
        #elseif canImport(Musl)
        var handle: pthread_t?
        #endif
        let body = Unmanaged.passRetained(Body(run))
        let number = withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { memory -> CInt in
            guard let attributes = memory.baseAddress else { return ENOMEM }
            pthread_attr_init(attributes)
            defer { pthread_attr_destroy(attributes) }
            pthread_attr_setstacksize(attributes, Int(THREAD_STACK))
            return pthread_create(
                &handle,
                attributes,
                { argument in
                    if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                    return nil
                },
                body.toOpaque()
            )
        }
        if number != 0 { body.release() }
        return (number, handle)
    }

    /// Counts what there is to do, for a thread that waits for it.
    final class Semaphore: Sendable {
        private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

        init() {
            semaphore = .allocate(capacity: 1)
            // It fails only for a count that is out of range.
            _ = sem_init(semaphore, 0, 0)
        }

        deinit {
            sem_destroy(semaphore)
            semaphore.deallocate()
        }

        func post() { _ = sem_post(semaphore) }

        func wait() { while sem_wait(semaphore) != 0, errno == EINTR {} }
    }
}
