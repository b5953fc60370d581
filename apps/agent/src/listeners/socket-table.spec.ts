import { describe, expect, it } from 'vitest';
import { listenersIn } from './socket-table.js';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line = (local: string, state = '0A', remote = '00000000:0000') =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 26307728 1 0 100 0 0 10 0\n`;
const V6 = '00000000000000000000000000000000';

describe('listenersIn', () => {
  it('reads addresses and ports of both families, those that others may reach first', () => {
    const tcp = HEAD + line('0100007F:0BB8') + line('00000000:1F90') + line('040A000A:0050');
    const tcp6 =
      HEAD + line(`${V6}:0BB9`, '0A', `${V6}:0000`) + line('00000000000000000000000001000000:0BBA');
    expect(listenersIn([tcp, tcp6])).toEqual([
      { address: '10.0.10.4', port: 80 },
      { address: '::', port: 3001 },
      { address: '0.0.0.0', port: 8080 },
      { address: '127.0.0.1', port: 3000 },
      { address: '::1', port: 3002 },
    ]);
  });

  it('shows an IPv4 address in IPv6 form as what it is', () => {
    expect(listenersIn([line('0000000000000000FFFF00000100007F:0BB8')])).toEqual([
      { address: '127.0.0.1', port: 3000 },
    ]);
  });

  it("leaves out connections, repetitions and Docker's name server", () => {
    const tables = [
      line('00000000:0BB8') + line('0100000A:0BB8', '01', '0200000A:C001') + line('0B00007F:9F17'),
      line('00000000:0BB8'),
    ];
    expect(listenersIn(tables)).toEqual([{ address: '0.0.0.0', port: 3000 }]);
  });

  it('takes no more than a report may have, whatever a table contains', () => {
    const many = Array.from({ length: 100 }, (_, i) =>
      line(`00000000:${(i + 1).toString(16).toUpperCase().padStart(4, '0')}`),
    );
    expect(listenersIn(many)).toHaveLength(20);
    expect(listenersIn(['', 'nonsense\n', line('XYZ:0BB8'), line('00000000')])).toEqual([]);
  });
});
