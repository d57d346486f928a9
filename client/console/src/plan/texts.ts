import { defineTexts } from '@cardea/client-ui';

/** What is said on the plan. */
export const planTexts = defineTexts('plan', {
  plan: ['Doors on the plan', '平面图上的门'],
  help: [
    'Arrow keys go from door to door, Enter opens its page, plus and minus zoom, 0 shows everything, Shift with arrow keys moves the plan.',
    '方向键在门之间移动，回车打开门的页面，加减号缩放，0 显示全部，Shift 加方向键移动平面图。',
  ],
  keys: ['Arrows: choose · Enter: open · + − 0: zoom', '方向键选择 · 回车打开 · + − 0 缩放'],
  larger: ['Zoom in', '放大'],
  smaller: ['Zoom out', '缩小'],
  whole: ['Show everything', '显示全部'],
  legend: ['Legend', '图例'],
  floor: ['Floor', '楼层'],
  everyFloor: ['All floors', '所有楼层'],
  noFloor: ['Without a floor', '未分楼层'],
  openDoor: ['Open page', '打开页面'],
  chooseOne: ['Choose a door to see its state.', '选择一扇门以查看状态。'],
  edit: ['Edit this plan', '编辑平面图'],
  editing: ['Editing {{floor}}', '正在编辑 {{floor}}'],
  width: ['Width, m', '宽（米）'],
  height: ['Height, m', '高（米）'],
  undo: ['Undo', '撤消'],
  discard: ['Discard changes', '放弃更改'],
  stopEditing: ['Stop editing', '结束编辑'],
  save: ['Save plan', '保存平面图'],
  saved: ['The plan is saved.', '平面图已保存。'],
  editHelp: [
    'Drag a door, or choose it and then click where it is to be. By keyboard: arrows choose, Enter picks it up, arrows move it (with Shift further), Enter puts it down, Esc puts it back.',
    '拖动门，或先选择再点击目标位置。键盘：方向键选择，回车拿起，方向键移动（按 Shift 移动更远），回车放下，Esc 放回。',
  ],
  held: [
    '{{door}} is picked up: {{x}} m from the left, {{y}} m from the top',
    '已拿起 {{door}}：距左 {{x}} 米，距上 {{y}} 米',
  ],
  noDoors: ['No doors yet', '尚无门'],
  noDoorsHint: ['Doors appear here as soon as they are added to the property.', '添加门后会显示在这里。'],
});
